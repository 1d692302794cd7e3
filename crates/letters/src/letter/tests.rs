use proptest::prelude::*;
use scenario::given;
use strum::VariantNames;

use super::commands::Wish;
use super::{Command, Event, Failing, Found, Letter, MOST_ATTEMPTS, Sending, Transport};
use crate::{About, Kind, Recipient, Refusal};

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

fn about() -> About {
    About {
        kind: Kind::Invitation,
        urn: "100003".parse().unwrap(),
        year: "2019-20".parse().unwrap(),
        occasion: String::new(),
    }
}

fn sending() -> Sending {
    Sending {
        to: uuid::Uuid::from_u128(7).into(),
        role: Recipient::Head,
        transport: Transport::Smtp,
        message_id: format!("<{}@network.example>", about().id()),
        copy: "00ff".into(),
        on: day("2019-03-04"),
    }
}

fn ask(wish: Wish) -> Command {
    Command { letter: about().id(), about: about(), wish }
}

fn began() -> Event {
    Event::SendingBegan { about: about(), sending: sending() }
}

fn sent() -> Event {
    Event::LetterSent { about: about(), reply: Some("250 OK".into()), on: day("2019-03-04") }
}

fn failed(how: Failing) -> Event {
    Event::SendingFailed { about: about(), how, reply: "421 later".into(), on: day("2019-03-04") }
}

fn withheld() -> Event {
    Event::LetterWithheld { about: about(), reason: "a correction".into(), on: day("2019-03-04") }
}

fn fail_for_now() -> Wish {
    Wish::FailForNow { reply: "421 later".into(), on: day("2019-03-04") }
}

fn resolve(found: Found) -> Wish {
    Wish::Resolve { found, reason: "asked the school".into(), on: day("2019-03-05") }
}

fn resolved(found: Found) -> Event {
    Event::DoubtResolved {
        about: about(),
        found,
        reason: "asked the school".into(),
        on: day("2019-03-05"),
    }
}

#[test]
fn a_letter_is_sent_once() {
    given::<Letter>([]).when(ask(Wish::Begin(sending()))).then([began()]);
    let said = Wish::Sent { reply: Some("250 OK".into()), on: day("2019-03-04") };
    given::<Letter>([began()]).when(ask(said.clone())).then([sent()]);
    given::<Letter>([began(), sent()]).when(ask(said)).then([]);
    given::<Letter>([began(), sent()])
        .when(ask(Wish::Begin(sending())))
        .refused(Refusal::AlreadySent);
}

#[test]
fn what_began_and_was_not_seen_to_end_is_never_sent_again_by_itself() {
    given::<Letter>([began()]).when(ask(Wish::Begin(sending()))).refused(Refusal::InDoubt);
    let withhold = Wish::Withhold { reason: "no".into(), on: day("2019-03-05") };
    given::<Letter>([began()]).when(ask(withhold)).refused(Refusal::InDoubt);
}

#[test]
fn a_doubt_is_resolved_by_somebody_who_says_what_became_of_it() {
    for found in [Found::ItWent, Found::ItDidNot] {
        given::<Letter>([began()]).when(ask(resolve(found))).then([resolved(found)]);
    }
    given::<Letter>([began(), resolved(Found::ItWent)])
        .when(ask(Wish::Begin(sending())))
        .refused(Refusal::AlreadySent);
    given::<Letter>([began(), resolved(Found::ItDidNot)])
        .when(ask(Wish::Begin(sending())))
        .then([began()]);
    for history in [vec![], vec![began(), sent()], vec![withheld()]] {
        given::<Letter>(history).when(ask(resolve(Found::ItDidNot))).refused(Refusal::NotInDoubt);
    }
}

#[test]
fn what_fails_for_the_moment_is_tried_again_but_not_for_ever() {
    let mut history = vec![];
    for attempt in 1..=MOST_ATTEMPTS {
        history.push(began());
        let how = if attempt < MOST_ATTEMPTS { Failing::Postponed } else { Failing::GivenUp };
        given::<Letter>(history.clone()).when(ask(fail_for_now())).then([failed(how)]);
        history.push(failed(how));
    }
    // Whoever asks for it by hand begins to count anew.
    history.push(began());
    given::<Letter>(history).when(ask(fail_for_now())).then([failed(Failing::Postponed)]);
}

#[test]
fn what_a_server_says_is_kept_as_text_that_fits() {
    let reply = format!("550 no\r\n\u{1b}[2J{}", "x".repeat(900));
    let answered = given::<Letter>([began()])
        .when(ask(Wish::Fail { reply, on: day("2019-03-04") }))
        .answered()
        .unwrap();
    let [Event::SendingFailed { how: Failing::Refused, reply, .. }] = answered.as_slice() else {
        panic!("{answered:?}")
    };
    assert_eq!(reply.chars().count(), 500);
    assert!(!reply.chars().any(char::is_control), "{reply}");
}

#[test]
fn a_letter_is_withheld_for_a_reason_and_released_for_one() {
    let withhold = |reason: &str| Wish::Withhold { reason: reason.into(), on: day("2019-03-04") };
    given::<Letter>([]).when(ask(withhold("a correction"))).then([withheld()]);
    given::<Letter>([withheld()]).when(ask(withhold("again"))).then([]);
    given::<Letter>([withheld()]).when(ask(Wish::Begin(sending()))).refused(Refusal::Withheld);
    given::<Letter>([began(), sent()])
        .when(ask(withhold("too late")))
        .refused(Refusal::AlreadySent);
    given::<Letter>([]).when(ask(withhold(" "))).refused(Refusal::ReasonMissing);
    given::<Letter>([]).when(ask(withhold("a\u{1b}[2J"))).refused(Refusal::NotText);
    given::<Letter>([])
        .when(ask(withhold(&"x".repeat(501))))
        .refused(Refusal::ReasonTooLong { length: 501, longest: 500 });
    let release = Wish::Release { reason: "it was right".into(), on: day("2019-03-05") };
    given::<Letter>([withheld()]).when(ask(release.clone())).then([Event::LetterReleased {
        about: about(),
        reason: "it was right".into(),
        on: day("2019-03-05"),
    }]);
    given::<Letter>([]).when(ask(release)).refused(Refusal::NotWithheld);
}

#[test]
fn a_letter_is_what_its_id_says() {
    let other = About { urn: "100004".parse().unwrap(), ..about() };
    let command = Command { letter: about().id(), about: other, wish: Wish::Begin(sending()) };
    given::<Letter>([]).when(command).refused(Refusal::AnotherLetter);
}

/// A sender that dies between any two steps, and somebody who sends again and again: the model of a send.
#[derive(Clone, Copy, Debug)]
enum Dies {
    BeforeItBegins,
    BeforeHandingOver,
    AfterHandingOver,
    Never,
}

proptest! {
    /// Nobody says of a letter in doubt that it did not go where it did: then it goes at most once, whenever the sender dies.
    #[test]
    fn no_letter_goes_twice_wherever_the_sender_dies(
        attempts in prop::collection::vec((0..4_u8, any::<bool>(), any::<bool>()), 1..12)
    ) {
        let (mut history, mut went) = (vec![], 0);
        for (dies, refused, resolves) in attempts {
            let dies = [Dies::BeforeItBegins, Dies::BeforeHandingOver, Dies::AfterHandingOver, Dies::Never]
                [usize::from(dies)];
            let asked = |history: &mut Vec<Event>, wish| {
                let answered = given::<Letter>(history.clone()).when(ask(wish)).answered();
                answered.inspect(|events| history.extend(events.clone()))
            };
            if resolves {
                let found = if went > 0 { Found::ItWent } else { Found::ItDidNot };
                let _ = asked(&mut history, resolve(found));
            }
            if matches!(dies, Dies::BeforeItBegins) {
                continue;
            }
            if asked(&mut history, Wish::Begin(sending())).is_err() || matches!(dies, Dies::BeforeHandingOver) {
                continue;
            }
            if !refused {
                went += 1;
            }
            if matches!(dies, Dies::AfterHandingOver) {
                continue;
            }
            let end = if refused { fail_for_now() } else { Wish::Sent { reply: None, on: day("2019-03-04") } };
            prop_assert!(asked(&mut history, end).is_ok());
        }
        prop_assert!(went <= 1, "it went {went} times: {history:?}");
    }
}

#[test]
fn every_shape_ever_written_is_still_read() {
    let shapes = include_str!("../../events/letter.jsonl");
    scenario::every_shape_is_still_read::<Event>(shapes, Event::VARIANTS);
}
