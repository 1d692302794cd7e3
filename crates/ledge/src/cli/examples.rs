//! What the help shows below the options of each command: the way it is asked, as somebody would type it.

pub(super) const LEDGE: &str = "\
Examples:
  ledge demo                          two years of an office, on a sample nation
  ledge import ks4 ks4_2018.csv --year 2017/18 --release final
  ledge import ofsted ofsted_ratings.csv
  ledge criteria adopt deploy/criteria/2018-19.toml
  ledge review --year 2019-20 --as-at 2019-02-28
  ledge explain 137083 --year 2019-20
  ledge schools \"st mary\" --grade 2

Exit codes:
  0  done
  1  an operation failed (a disk, a lock): nothing acknowledged is lost
  2  wrong use of the command line
  3  refused: by a rule, or because a file is not there or not what it should
     be; nothing was changed
  4  `verify` or `rebuild` found something that does not fit
  130  interrupted: what was acknowledged is kept; the same command goes on from
     there

With --json, what goes wrong is one line on standard error, whatever it is:
  {\"error\": {\"kind\": \"refused\", \"message\": ..., \"faults\": [...], \"more\": 0}}
where the kind is refused, failed, interrupted or usage";

pub(super) const IMPORT: &str = "\
Examples:
  ledge import register edubasealldata20190131.csv
  ledge import ks4 ks4_2018.csv --year 2017/18 --release final --check
  ledge import ks4 ks4_2018.csv --year 2017/18 --release final
`ledge import KIND --help` says more of each kind of file.";

pub(super) const KS4: &str = "\
Examples:
  ledge import ks4 ks4_2018.csv --year 2017/18 --release final
  ledge import ks4 2017-2018_england_ks4provisional.xlsx --year 2017/18 \\
      --release provisional --check
  ledge import ks4 ks4_2018.csv --year 2017/18 --release revised \\
      --published 2019-01-24";

pub(super) const OFSTED: &str = "\
Examples:
  ledge import ofsted ofsted_ratings.csv
  ledge import ofsted ofsted_ratings.csv --published 2019-01-31 --check";

pub(super) const REGISTER: &str = "\
Examples:
  ledge import register edubasealldata20190131.csv
  ledge import register 2017-2018_england_spine.xlsx --published 2018-08-01";

pub(super) const LINKS: &str = "\
Examples:
  ledge import links links_edubasealldata20190131.csv";

pub(super) const NAMES: &str = "\
Examples:
  ledge import names schoolnames20180801.csv";

pub(super) const LOCATIONS: &str = "\
Examples:
  ledge import locations school_locations_2018-19.csv --published 2018-09-01";

pub(super) const COVER: &str = "\
Examples:
  ledge import cover ssat-cover.csv

The file, for example:
  urn,from,until,via_trust
  137083,2018-04-01,2020-03-31,
  100053,2018-09-01,,Hill Top Learning Trust";

pub(super) const GIVE_UP: &str = "\
Examples:
  ledge import give-up ofsted_ratings.csv --preview
  ledge import give-up ks4.csv --year 2018/19 --release final --preview
  ledge import give-up ofsted_ratings.csv \\
      --reason \"cut off on the way; February's file is read instead\"";

pub(super) const CRITERIA: &str = "\
Examples:
  ledge criteria adopt deploy/criteria/2018-19.toml
  ledge criteria show --year 2019-20";

pub(super) const ADOPT: &str = "\
Examples:
  ledge criteria adopt deploy/criteria/2018-19.toml";

pub(super) const AMEND: &str = "\
Examples:
  ledge criteria amend 2018-19-amended.toml \\
      --reason \"minute 12: two dips instead of one\"";

pub(super) const CORRECT: &str = "\
Examples:
  ledge criteria correct 2018-19.toml --reason \"the minute names 2 November\"
  ledge criteria correct 2018-19.toml --decided-on 2017-11-01 \\
      --reason \"minute 12 says three years\"";

pub(super) const SHOW: &str = "\
Examples:
  ledge criteria show                              every adoption on record
  ledge criteria show --year 2019-20 > 2019-20.toml";

pub(super) const REVIEW: &str = "\
Examples:
  ledge review --year 2019-20 --as-at 2019-02-28
  ledge review --year 2019-20 --as-at 2019-02-28 --preview --show 50
  ledge review --year 2019-20 --as-at 2019-02-28 --criteria stricter.toml \\
      --against criteria=recorded
  ledge review --year 2019-20 --against results=2016/17
  ledge review --year 2019-20 --json > feb.json
  ledge review --year 2019-20 --against feb.json";

pub(super) const EXPLAIN: &str = "\
Examples:
  ledge explain 137083 --year 2019-20
  ledge explain 137083 --year 2019-20 --as-at 2019-02-28 \\
      --criteria stricter.toml";

pub(super) const SCHOOLS: &str = "\
Examples:
  ledge schools \"st mary\" --grade 2
  ledge schools \"NW3 2BQ\"
  ledge schools --local-authority Camden --progress8-from 0.5 --sort progress8
  ledge schools --limit 0                          only how many there are";

pub(super) const HISTORY: &str = "\
Examples:
  ledge history 137083
  ledge history 137083 --json";

pub(super) const EVENTS: &str = "\
Examples:
  ledge events --type OfstedDowngraded --type OfstedUpgraded --limit 5
  ledge events --stream membership.review.2019-20
  ledge events --after 120000 --follow --json   one CloudEvent a line
  ledge events --follow --from-nats --nats nats://localhost:4222";

pub(super) const CATALOGUE: &str = "\
Examples:
  ledge events catalogue --out docs/events
  ledge events catalogue --check docs/events";

pub(super) const SQL: &str = "\
Examples:
  ledge sql \"SELECT outcome, count(*) FROM review_findings \\
      WHERE year = '2019-20' GROUP BY 1\"
  ledge sql --json --journal \\
      \"SELECT event_type, count(*) FROM journal.events GROUP BY 1\"
  ledge sql --from february.sqlite \"SELECT count(*) FROM schools\"
docs/read-models.md has every table.";

pub(super) const ASK: &str = "\
Examples: the inspection of 3 May 2016 was another school's
  ledge ask schools.school 100003 '{\"CorrectInspection\":
      {\"inspected_on\": \"2016-05-03\", \"outcome\": null,
       \"reason\": \"of the school next door\"}}'";

pub(super) const REBUILD: &str = "\
Examples:
  ledge rebuild
  ledge rebuild --json
`ledge replay` writes a file as at or as known on another day.";

pub(super) const VERIFY: &str = "\
Examples:
  ledge verify
  ledge verify --json";

pub(super) const DEMO: &str = "\
Examples:
  ledge demo                                       in the folder ledge-demo
  ledge demo --schools 400 --seed 7 --data small
  ledge demo --until 2018-02-24    renewals wait for a fee: see `ledge parked`";

pub(super) const COMPLETION: &str = "\
Examples:
  ledge completion bash > /etc/bash_completion.d/ledge
  ledge completion zsh > \"${fpath[1]}/_ledge\"";
