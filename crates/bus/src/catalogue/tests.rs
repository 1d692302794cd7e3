//! A catalogue of made-up pets.

use kernel::{Published, Sealed};
use schemars::JsonSchema;
use serde_json::Value;

use super::{Catalogue, Difference, Failure};

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is asked for")]
enum Pet {
    /// A pet was bought (R10).
    PetBought {
        name: String,
        #[serde(default)]
        nick: Option<String>,
    },
    /// Who keeps it is known (R39, D13).  Nobody else is told.
    KeeperNamed { keeper: Sealed },
}

/// What it was a day later: it lost its name.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is asked for")]
enum LaterPet {
    /// A pet was bought (R10).
    PetBought { nick: Option<String> },
    /// Who keeps it is known (R39, D13).  Nobody else is told.
    KeeperNamed { keeper: Sealed },
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is asked for")]
enum Silent {
    PetSold,
    /// It went, and nobody wrote down what for.
    PetWent {
        on: String,
    },
    /// A dog was bought (R10).
    DogBought {
        name: String,
    },
}

const SHAPES: &str = concat!(
    r#"{"PetBought":{"name":"Rex"}}"#,
    "\n",
    r#"{"PetBought":{"name":"Rex","nick":"R"}}"#,
    "\n",
    r#"{"KeeperNamed":{"keeper":{"person":"0190c0de-0000-7000-8000-000000000001","nonce":"AA","ciphertext":""}}}"#,
);

const fn pets<E: JsonSchema>(aggregate: &'static str) -> Published {
    Published::of::<E, ()>(aggregate, "A pet.", "its name, such as `rex`", SHAPES)
}

#[test]
fn an_event_says_what_it_is() {
    let catalogue = Catalogue::of(&[pets::<Pet>("pets.pet")]).unwrap();
    let read = |path: &str| -> Value {
        let (_, text) = catalogue.files().find(|(it, _)| *it == path).unwrap();
        serde_json::from_str(text).unwrap()
    };
    let bought = read("pets/PetBought.json");
    assert_eq!(bought["description"], "A pet was bought (R10).");
    assert_eq!(bought["x-rules"], serde_json::json!(["R10"]));
    assert_eq!(bought["x-personal-data"], false);
    assert_eq!(bought["examples"].as_array().unwrap().len(), 2);
    assert_eq!(bought["properties"]["PetBought"]["required"], serde_json::json!(["name"]));
    let named = read("pets/KeeperNamed.json");
    assert_eq!(named["x-personal-data"], true);
    assert_eq!(named["x-rules"], serde_json::json!(["R39", "D13"]));
    let document = read("asyncapi.json");
    let channel = &document["channels"]["pets"];
    assert_eq!(channel["address"], "ledge.pets.{aggregate}.{id}.{event}");
    let example = &document["components"]["messages"]["pets.PetBought"]["examples"][0];
    assert_eq!(example["headers"]["ce-subject"], "pets.pet.rex");
    assert_eq!(example["payload"]["PetBought"]["nick"], "R");
}

#[test]
fn an_event_that_nobody_could_understand_is_refused() {
    let told = |published: &[Published]| -> Vec<String> {
        Catalogue::of(published).unwrap_err().iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        told(&[pets::<Silent>("pets.pet")]),
        [
            "pets.pet has an event that is not an object of its name",
            "pets.pet: PetWent names no rule that it serves: name one in its doc comment, such as (R12)",
            "pets.pet: PetWent has no example: give it a line in its aggregate's shapes",
            "pets.pet: DogBought has no example: give it a line in its aggregate's shapes",
        ]
    );
    let twice = told(&[pets::<Pet>("pets.pet"), pets::<Pet>("pets.other")]);
    assert_eq!(twice.len(), 2, "{twice:?}");
    assert!(twice[0].contains("the name of another event of its context"), "{twice:?}");
}

#[test]
fn a_promise_that_would_be_broken_is_neither_written_nor_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let (pet, later) = (pets::<Pet>("pets.pet"), pets::<LaterPet>("pets.pet"));
    let (before, after) = (Catalogue::of(&[pet]).unwrap(), Catalogue::of(&[later]).unwrap());
    assert!(matches!(before.check(folder.path()).unwrap(), Some(Difference::Stale(_))));
    assert_eq!(before.write(folder.path()).unwrap().changed.len(), 4);
    assert_eq!(before.check(folder.path()).unwrap(), None);
    assert_eq!(before.write(folder.path()).unwrap().unchanged, 4);

    let gone = "pets/PetBought.json: `PetBought.name` is gone";
    let Some(Difference::Broken(broken)) = after.check(folder.path()).unwrap() else { panic!() };
    assert!(broken[0].starts_with(gone), "{broken:?}");
    let Err(Failure::Broken(refused)) = after.write(folder.path()) else { panic!() };
    assert_eq!(refused, broken);
    assert_eq!(before.check(folder.path()).unwrap(), None, "nothing was written");
}
