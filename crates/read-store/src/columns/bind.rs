use rusqlite::types::Null;
use rusqlite::{Statement, ToSql};
use serde::Serialize;
use serde::ser::{Impossible, SerializeStruct, Serializer};

use super::Misfit;

/// Binds the fields of a struct, one after the other.
pub(super) struct Fields<'s, 'c> {
    pub(super) statement: &'s mut Statement<'c>,
    pub(super) index: usize,
}

/// Binds one field.
struct Field<'s, 'c> {
    statement: &'s mut Statement<'c>,
    index: usize,
}

impl Field<'_, '_> {
    fn bind(self, value: impl ToSql) -> Result<(), Misfit> {
        Ok(self.statement.raw_bind_parameter(self.index, value)?)
    }
}

impl SerializeStruct for Fields<'_, '_> {
    type Ok = ();
    type Error = Misfit;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Misfit> {
        self.index += 1;
        value.serialize(Field { statement: self.statement, index: self.index })
    }

    fn end(self) -> Result<(), Misfit> {
        Ok(())
    }
}

fn unfit<T>(what: &str) -> Result<T, Misfit> {
    Err(Misfit::Field(format!("a column holds no {what}")))
}

macro_rules! no {
    ($($method:ident($($argument:ty),*) -> $Ok:ty, $what:literal;)+) => { $(
        fn $method(self, $(_: $argument),*) -> Result<$Ok, Misfit> {
            unfit($what)
        }
    )+ };
}

type No = Impossible<(), Misfit>;

impl<'s, 'c> Serializer for Fields<'s, 'c> {
    type Ok = ();
    type Error = Misfit;
    type SerializeSeq = No;
    type SerializeTuple = No;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = No;
    type SerializeStruct = Self;
    type SerializeStructVariant = No;

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Misfit> {
        Ok(self)
    }

    no! {
        serialize_bool(bool) -> (), "row that is not a struct";
        serialize_i8(i8) -> (), "row that is not a struct";
        serialize_i16(i16) -> (), "row that is not a struct";
        serialize_i32(i32) -> (), "row that is not a struct";
        serialize_i64(i64) -> (), "row that is not a struct";
        serialize_u8(u8) -> (), "row that is not a struct";
        serialize_u16(u16) -> (), "row that is not a struct";
        serialize_u32(u32) -> (), "row that is not a struct";
        serialize_u64(u64) -> (), "row that is not a struct";
        serialize_f32(f32) -> (), "row that is not a struct";
        serialize_f64(f64) -> (), "row that is not a struct";
        serialize_char(char) -> (), "row that is not a struct";
        serialize_str(&str) -> (), "row that is not a struct";
        serialize_bytes(&[u8]) -> (), "row that is not a struct";
        serialize_none() -> (), "row that is not a struct";
        serialize_unit() -> (), "row that is not a struct";
        serialize_unit_struct(&'static str) -> (), "row that is not a struct";
        serialize_unit_variant(&'static str, u32, &'static str) -> (), "row that is not a struct";
        serialize_seq(Option<usize>) -> No, "row that is not a struct";
        serialize_tuple(usize) -> No, "row that is not a struct";
        serialize_tuple_struct(&'static str, usize) -> No, "row that is not a struct";
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> No, "row that is not a struct";
        serialize_map(Option<usize>) -> No, "row that is not a struct";
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> No, "row that is not a struct";
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<(), Misfit> {
        unfit("row that is not a struct")
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Misfit> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Misfit> {
        unfit("row that is not a struct")
    }
}

impl Serializer for Field<'_, '_> {
    type Ok = ();
    type Error = Misfit;
    type SerializeSeq = No;
    type SerializeTuple = No;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = No;
    type SerializeStruct = No;
    type SerializeStructVariant = No;

    fn serialize_bool(self, value: bool) -> Result<(), Misfit> {
        self.bind(value)
    }

    fn serialize_i8(self, value: i8) -> Result<(), Misfit> {
        self.bind(value)
    }

    fn serialize_i16(self, value: i16) -> Result<(), Misfit> {
        self.bind(value)
    }

    fn serialize_i32(self, value: i32) -> Result<(), Misfit> {
        self.bind(value)
    }

    fn serialize_i64(self, value: i64) -> Result<(), Misfit> {
        self.bind(value)
    }

    fn serialize_u8(self, value: u8) -> Result<(), Misfit> {
        self.bind(value)
    }

    fn serialize_u16(self, value: u16) -> Result<(), Misfit> {
        self.bind(value)
    }

    fn serialize_u32(self, value: u32) -> Result<(), Misfit> {
        self.bind(value)
    }

    fn serialize_u64(self, value: u64) -> Result<(), Misfit> {
        match i64::try_from(value) {
            Ok(value) => self.bind(value),
            Err(_) => unfit("number beyond 9,223,372,036,854,775,807"),
        }
    }

    fn serialize_f32(self, value: f32) -> Result<(), Misfit> {
        self.bind(value)
    }

    fn serialize_f64(self, value: f64) -> Result<(), Misfit> {
        self.bind(value)
    }

    fn serialize_str(self, value: &str) -> Result<(), Misfit> {
        self.bind(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Misfit> {
        self.bind(value)
    }

    fn serialize_none(self) -> Result<(), Misfit> {
        self.bind(Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Misfit> {
        value.serialize(self)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Misfit> {
        self.bind(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Misfit> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Misfit> {
        unfit("variant with a value")
    }

    no! {
        serialize_char(char) -> (), "single character";
        serialize_unit() -> (), "unit";
        serialize_unit_struct(&'static str) -> (), "unit";
        serialize_seq(Option<usize>) -> No, "list";
        serialize_tuple(usize) -> No, "tuple";
        serialize_tuple_struct(&'static str, usize) -> No, "tuple";
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> No, "variant with values";
        serialize_map(Option<usize>) -> No, "map";
        serialize_struct(&'static str, usize) -> No, "struct";
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> No, "variant with values";
    }
}
