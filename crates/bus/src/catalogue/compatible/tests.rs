//! Each rule on a schema that was made up for it.

use serde_json::{Value, json};

use super::{Broken, Fault, faults};

/// An event about a pet, with the fields that are given, all of them required but `nick`.
fn event(fields: Value) -> Value {
    let required: Vec<&str> =
        fields.as_object().unwrap().keys().map(String::as_str).filter(|it| *it != "nick").collect();
    json!({
        "type": "object",
        "properties": { "PetBought": { "$ref": "#/$defs/Pet" } },
        "required": ["PetBought"],
        "x-personal-data": false,
        "$defs": {
            "Pet": { "type": "object", "properties": fields.clone(), "required": required },
            "Kind": { "oneOf": [{ "const": "cat", "type": "string" }, { "enum": ["dog", "fish"], "type": "string" }] },
        }
    })
}

#[track_caller]
fn broken(before: Value, after: Value) -> Vec<Broken> {
    let (before, after) = (event(before), event(after));
    assert_eq!(faults(&before, &before), []);
    assert_eq!(faults(&after, &after), []);
    faults(&before, &after).into_iter().map(|fault| fault.what).collect()
}

fn text() -> Value {
    json!({ "type": "string" })
}

#[test]
fn an_optional_field_may_come() {
    assert_eq!(broken(json!({ "name": text() }), json!({ "name": text(), "nick": text() })), []);
}

#[test]
fn words_about_it_may_change() {
    let told = json!({ "type": "string", "description": "How it is called.", "examples": ["Rex"] });
    assert_eq!(broken(json!({ "name": text() }), json!({ "name": told })), []);
}

#[test]
fn a_field_never_goes() {
    let both = json!({ "name": text(), "nick": text() });
    assert_eq!(broken(both.clone(), json!({ "name": text() })), [Broken::FieldGone]);
    assert_eq!(broken(both, json!({ "nick": text() })), [Broken::FieldGone]);
}

#[test]
fn a_field_that_must_be_there_never_comes() {
    let after = json!({ "name": text(), "born": text() });
    assert_eq!(broken(json!({ "name": text() }), after), [Broken::NewAndRequired]);
}

#[test]
fn what_could_be_missing_still_can_and_what_could_not_still_cannot() {
    let event = |required: Value| json!({ "type": "object", "properties": { "name": text() }, "required": required });
    let (optional, required) = (event(json!([])), event(json!(["name"])));
    let at_name = |what| [Fault { at: ".name".to_owned(), what }];
    assert_eq!(faults(&optional, &required), at_name(Broken::NowRequired));
    assert_eq!(faults(&required, &optional), at_name(Broken::NowOptional));
}

#[test]
fn a_field_stays_of_its_kind() {
    let whole = json!({ "type": "integer" });
    assert_eq!(
        broken(json!({ "name": text() }), json!({ "name": whole })),
        [Broken::NoLonger("string".to_owned()), Broken::Becomes("integer".to_owned())]
    );
    let or_nothing = json!({ "type": ["string", "null"] });
    assert_eq!(
        broken(json!({ "name": text() }), json!({ "name": or_nothing })),
        [Broken::Becomes("null".to_owned())]
    );
    assert_eq!(
        broken(json!({ "name": or_nothing }), json!({ "name": text() })),
        [Broken::NoLonger("null".to_owned())]
    );
    let said_otherwise = json!({ "anyOf": [text(), { "type": "null" }] });
    assert_eq!(broken(json!({ "name": or_nothing }), json!({ "name": said_otherwise })), []);
}

#[test]
fn a_list_stays_a_list_of_the_same() {
    let list = |items: Value| json!({ "names": { "type": "array", "items": items } });
    assert_eq!(
        broken(list(text()), list(json!({ "type": "boolean" }))),
        [Broken::NoLonger("string".to_owned()), Broken::Becomes("boolean".to_owned())]
    );
    let pair = |one: Value| json!({ "names": { "type": "array", "prefixItems": [one, text()] } });
    assert_eq!(
        broken(pair(text()), pair(json!({ "type": "string", "maxLength": 3 }))),
        [Broken::Narrower("maxLength")]
    );
}

#[test]
fn a_value_may_come_and_none_goes() {
    let (two, three) =
        (json!({ "type": "string", "enum": ["cat", "dog"] }), json!({ "$ref": "#/$defs/Kind" }));
    assert_eq!(broken(json!({ "kind": two }), json!({ "kind": three })), []);
    assert_eq!(
        broken(json!({ "kind": three }), json!({ "kind": two })),
        [Broken::NoLonger("\"fish\"".to_owned())]
    );
    assert_eq!(broken(json!({ "kind": two }), json!({ "kind": text() })), []);
    assert_eq!(
        broken(json!({ "kind": text() }), json!({ "kind": two })),
        [Broken::Narrower("enum")]
    );
}

#[test]
fn an_alternative_may_come_and_none_goes() {
    let tagged =
        |tag: &str| json!({ "type": "object", "properties": { tag: text() }, "required": [tag] });
    let one = json!({ "how": { "oneOf": [tagged("found")] } });
    let two = json!({ "how": { "oneOf": [tagged("found"), tagged("given")] } });
    assert_eq!(broken(one.clone(), two.clone()), []);
    assert_eq!(broken(two, one), [Broken::NoLonger("an object with `given`".to_owned())]);
}

#[test]
fn a_bound_only_widens() {
    let of = |bound: &str, value: Value| json!({ "size": { "type": "integer", bound: value } });
    for (bound, wide, narrow) in [
        ("minimum", json!(1), json!(2)),
        ("maximum", json!(4), json!(3)),
        ("minLength", json!(1), json!(2)),
        ("maxItems", json!(9), json!(8)),
    ] {
        assert_eq!(broken(of(bound, wide.clone()), of(bound, narrow.clone())).len(), 1, "{bound}");
        assert_eq!(broken(of(bound, narrow), of(bound, wide)), [], "{bound}");
    }
    let any = json!({ "size": text() });
    let like = json!({ "size": { "type": "string", "pattern": "^[0-9]+$" } });
    assert_eq!(broken(any.clone(), like.clone()), [Broken::Narrower("pattern")]);
    assert_eq!(broken(like, any), []);
}

#[test]
fn an_event_never_begins_to_hold_personal_data() {
    let before = event(json!({ "name": text() }));
    let mut after = before.clone();
    after["x-personal-data"] = json!(true);
    let expected = Fault { at: String::new(), what: Broken::Personal };
    assert_eq!(faults(&before, &after), [expected]);
    assert_eq!(faults(&after, &before), []);
}

#[test]
fn what_refers_to_itself_is_compared_once() {
    let tree = |leaf: Value| {
        json!({
            "$ref": "#/$defs/Tree",
            "$defs": { "Tree": {
                "type": "object",
                "properties": { "leaf": leaf, "more": { "type": "array", "items": { "$ref": "#/$defs/Tree" } } },
                "required": ["leaf", "more"],
            } },
        })
    };
    let faults = faults(&tree(text()), &tree(json!({ "type": "null" })));
    let at: Vec<&str> = faults.iter().map(|fault| fault.at.as_str()).collect();
    assert_eq!(at, [".leaf", ".leaf"]);
}

#[test]
fn a_fault_says_where_and_what_would_be_right() {
    let faults = faults(&event(json!({ "name": text() })), &event(json!({})));
    let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["`PetBought.name` is gone: readers rest on it; leave it where it is"]);
}
