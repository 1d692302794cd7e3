//! Apache Parquet: a column is of one type, has no value where the row has none, and is compressed by itself.

use std::sync::Arc;

use app::Failure;
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, Statement};

use crate::commands::sql::refused;
use crate::commands::target::Target;

/// Rows of a group, or bytes of its values, whichever are fewer: what is held in memory before it is written.
const GROUP_ROWS: usize = 131_072;
const GROUP_BYTES: usize = 32 << 20;

/// What a column holds: SQLite's INTEGER is INT64, REAL is DOUBLE, TEXT is a UTF-8 string (days too), BLOB is bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Integer,
    Real,
    Text,
    Bytes,
}

pub(super) struct ParquetFile {
    writer: SerializedFileWriter<Target>,
    columns: Vec<Column>,
    rows: usize,
    bytes: usize,
    /// In groups that are written.
    written: usize,
}

struct Column {
    name: String,
    /// 1 where the row has a value, 0 where it has none.
    present: Vec<i16>,
    values: Values,
}

enum Values {
    Integer(Vec<i64>),
    Real(Vec<f64>),
    Text(Vec<ByteArray>),
    Bytes(Vec<ByteArray>),
}

/// How far the read models had come, and what they show: written into the file, so that it says what it is.
pub(super) fn seen(connection: &Connection) -> Result<Vec<(&'static str, String)>, Failure> {
    let sql = "SELECT CAST(position AS TEXT), as_at, known_on FROM seen";
    let cells: [Option<String>; 3] = connection
        .query_row(sql, [], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))
        .map_err(refused)?;
    let names = ["ledge.position", "ledge.as_at", "ledge.known_on"];
    Ok(names.into_iter().zip(cells).filter_map(|(name, cell)| Some((name, cell?))).collect())
}

/// The type of each column: as its table declares it; of what is calculated, as its values are.
pub(super) fn kinds(select: &mut Statement<'_>, columns: &[String]) -> Result<Vec<Kind>, Failure> {
    let declared: Vec<Option<Kind>> =
        select.columns().map(|column| column.decl_type().and_then(Kind::declared)).collect();
    let mut found = declared.clone();
    if declared.contains(&None) {
        let mut rows = select.query([]).map_err(refused)?;
        while let Some(row) = rows.next().map_err(refused)? {
            for (at, kind) in found.iter_mut().enumerate().filter(|(at, _)| declared[*at].is_none())
            {
                let value = row.get_ref(at).map_err(refused)?;
                *kind = Kind::both(*kind, Kind::of(value)).ok_or_else(|| {
                    Failure::Refused(format!(
                        "`{}` is now a number, now a text: a column of Parquet is one of them; make it one with CAST",
                        columns[at]
                    ))
                })?;
            }
        }
    }
    // Without a single value, any type is as good.
    Ok(found.into_iter().map(|kind| kind.unwrap_or(Kind::Text)).collect())
}

impl Kind {
    fn declared(name: &str) -> Option<Self> {
        match name.to_ascii_uppercase().as_str() {
            "INTEGER" | "INT" => Some(Self::Integer),
            "REAL" => Some(Self::Real),
            "TEXT" => Some(Self::Text),
            "BLOB" => Some(Self::Bytes),
            _ => None,
        }
    }

    fn of(value: ValueRef<'_>) -> Option<Self> {
        match value {
            ValueRef::Null => None,
            ValueRef::Integer(_) => Some(Self::Integer),
            ValueRef::Real(_) => Some(Self::Real),
            ValueRef::Text(_) => Some(Self::Text),
            ValueRef::Blob(_) => Some(Self::Bytes),
        }
    }

    /// What holds both; the inner `None` is nothing yet, the outer one that nothing does.
    #[expect(clippy::option_option, reason = "nothing yet is not the same as nothing at all")]
    fn both(one: Option<Self>, other: Option<Self>) -> Option<Option<Self>> {
        match (one, other) {
            (None, kind) | (kind, None) => Some(kind),
            (Some(one), Some(other)) if one == other => Some(Some(one)),
            (Some(Self::Integer | Self::Real), Some(Self::Integer | Self::Real)) => {
                Some(Some(Self::Real))
            }
            (Some(_), Some(_)) => None,
        }
    }

    fn values(self) -> Values {
        match self {
            Self::Integer => Values::Integer(vec![]),
            Self::Real => Values::Real(vec![]),
            Self::Text => Values::Text(vec![]),
            Self::Bytes => Values::Bytes(vec![]),
        }
    }

    fn field(self, name: &str) -> Result<Type, ParquetError> {
        let physical = match self {
            Self::Integer => Physical::INT64,
            Self::Real => Physical::DOUBLE,
            Self::Text | Self::Bytes => Physical::BYTE_ARRAY,
        };
        let field =
            Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        let field = match self {
            Self::Text => field
                .with_logical_type(Some(LogicalType::String))
                .with_converted_type(ConvertedType::UTF8),
            Self::Integer | Self::Real | Self::Bytes => field,
        };
        field.build()
    }
}

impl ParquetFile {
    pub(super) fn begin(
        target: Target,
        columns: &[String],
        kinds: Vec<Kind>,
        query: &str,
        seen: Vec<(&'static str, String)>,
    ) -> anyhow::Result<Self> {
        let fields: Result<Vec<_>, _> =
            columns.iter().zip(&kinds).map(|(name, kind)| kind.field(name).map(Arc::new)).collect();
        let schema = Type::group_type_builder("rows").with_fields(fields?).build()?;
        let told = seen.into_iter().chain([("ledge.query", query.to_owned())]);
        let told = told.map(|(name, value)| KeyValue::new(name.to_owned(), value)).collect();
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by(format!("ledge {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(told))
            .build();
        let writer = SerializedFileWriter::new(target, Arc::new(schema), Arc::new(properties))?;
        let columns = columns.iter().zip(kinds).map(|(name, kind)| Column {
            name: name.clone(),
            present: vec![],
            values: kind.values(),
        });
        Ok(Self { writer, columns: columns.collect(), rows: 0, bytes: 0, written: 0 })
    }

    pub(super) fn write(&mut self, row: &Row<'_>) -> anyhow::Result<()> {
        let number = self.written + self.rows + 1;
        for (at, column) in self.columns.iter_mut().enumerate() {
            self.bytes += column.take(row.get_ref(at).map_err(refused)?, number)?;
        }
        self.rows += 1;
        if self.rows >= GROUP_ROWS || self.bytes >= GROUP_BYTES {
            self.group()?;
        }
        Ok(())
    }

    pub(super) fn end(mut self) -> anyhow::Result<Target> {
        if self.rows > 0 {
            self.group()?;
        }
        Ok(self.writer.into_inner()?)
    }

    /// Writes the rows that are held.
    fn group(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let missing = || ParquetError::General(format!("no column for `{}`", column.name));
            let writer = group.next_column()?.ok_or_else(missing)?;
            column.write(writer)?;
        }
        group.close()?;
        self.written += self.rows;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Column {
    /// Holds a value, and answers about how many bytes it takes.
    fn take(&mut self, value: ValueRef<'_>, row: usize) -> Result<usize, Failure> {
        self.present.push(i16::from(value != ValueRef::Null));
        let bytes = match (&mut self.values, value) {
            (_, ValueRef::Null) => 2,
            (Values::Integer(values), ValueRef::Integer(number)) => {
                values.push(number);
                10
            }
            (Values::Real(values), ValueRef::Real(number)) => {
                values.push(number);
                10
            }
            // As SQLite does with a whole number in a column of REAL.
            #[expect(clippy::cast_precision_loss, reason = "what SQLite does itself")]
            (Values::Real(values), ValueRef::Integer(number)) => {
                values.push(number as f64);
                10
            }
            (Values::Text(values), ValueRef::Text(text)) => {
                values.push(ByteArray::from(&*String::from_utf8_lossy(text)));
                text.len() + size_of::<ByteArray>()
            }
            (Values::Bytes(values), ValueRef::Blob(bytes)) => {
                values.push(ByteArray::from(bytes.to_vec()));
                bytes.len() + size_of::<ByteArray>()
            }
            (values, value) => {
                return Err(Failure::Refused(format!(
                    "`{}` is {} in row {row}, and {} by its table; make it one with CAST",
                    self.name,
                    value.data_type(),
                    values.name()
                )));
            }
        };
        Ok(bytes)
    }

    fn write(&mut self, mut writer: SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let present = Some(self.present.as_slice());
        match &mut self.values {
            Values::Integer(values) => {
                writer.typed::<Int64Type>().write_batch(values, present, None)?;
                values.clear();
            }
            Values::Real(values) => {
                writer.typed::<DoubleType>().write_batch(values, present, None)?;
                values.clear();
            }
            Values::Text(values) | Values::Bytes(values) => {
                writer.typed::<ByteArrayType>().write_batch(values, present, None)?;
                values.clear();
            }
        }
        self.present.clear();
        writer.close()
    }
}

impl Values {
    fn name(&self) -> &'static str {
        match self {
            Self::Integer(_) => "Integer",
            Self::Real(_) => "Real",
            Self::Text(_) => "Text",
            Self::Bytes(_) => "Blob",
        }
    }
}
