//! How each is asked, as somebody would type it.

pub(in crate::cli) const APPLICATION: &str = "\
Examples:
  ledge application apply 137083 --year 2019-20
  ledge application list
  ledge application show 137083
`ledge application STEP --help` says more of each.";

pub(super) const APPLY: &str = "\
Examples:
  ledge application apply 137083 --year 2019-20
  ledge application apply 137083 --year 2019-20 --by trust --on 2019-03-12";

pub(super) const LIST: &str = "\
Examples:
  ledge application list
  ledge application list --due-by 2019-04-30
  ledge application list --stage referred --meeting 2019-05-14
  ledge application list --year 2019-20 --stage declined --stage withdrawn";

pub(super) const SHOW: &str = "\
Examples:
  ledge application show 137083
  ledge application show 137083 --on 2019-03-15      as it stood then
  ledge application show 137083 --json";

pub(super) const ASK: &str = "\
Examples:
  ledge application ask 137083 --due 2019-04-30 \\
      --what \"results by subject for three years\"";

pub(super) const RECEIVE: &str = "\
Examples:
  ledge application receive 137083 results.pdf subjects.xlsx
  ledge application receive 137083 results.pdf --on 2019-04-15";

pub(super) const DOCUMENT: &str = "\
Examples:
  ledge application document 137083 3f2a91c05d77 --out results.pdf";

pub(super) const REFER: &str = "\
Examples:
  ledge application refer 137083 --meeting 2019-05-14 \\
      --question \"Is its case strong enough?\" \\
      --why \"graded 3, and its results are in the top quartile\"";

pub(super) const DEFER: &str = "\
Examples:
  ledge application defer 137083 --to 2019-07-02 \\
      --why \"the results by subject are wanted\"";

pub(super) const INTEREST: &str = "\
Examples:
  ledge application interest 137083 --school 100053";

pub(super) const DECIDE: &str = "\
Examples:
  ledge application decide 137083 --verdict accepted --by 100053,102165 \\
      --reasons \"its results are in the top quartile in every subject\" \\
      --minute \"14 May 2019, item 3\" --on 2019-05-14";

pub(super) const PACK: &str = "\
Examples:
  ledge application pack 137083
  ledge application pack 137083 --out hill-top.html
  ledge application pack --meeting 2019-05-14 --out meeting.html";

pub(super) const ACCEPT: &str = "\
Examples:
  ledge application accept 137083 --preview        the ways in
  ledge application accept 137083
  ledge application accept 137083 --fee 80000 --on 2020-01-13 \\
      --reason \"joins for the summer term\" --approver \"minute 12\" \\
      --missed \"the conference of November\"
  ledge application accept 137083 --next-april";

pub(super) const DECLINE: &str = "\
Examples:
  ledge application decline 137083 --reasons \"it does not meet the criteria\"";

pub(super) const WITHDRAW: &str = "\
Examples:
  ledge application withdraw 137083 --reason \"the governors decided otherwise\"";
