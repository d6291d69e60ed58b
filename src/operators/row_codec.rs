//! Kept rows as bytes, as a checkpoint holds them: Arrow's row format.

use arrow::row::{RowConverter, SortField};

use super::buffer::PORTION;
use super::row_store::{Place, RowId, RowStore};
use crate::base::Result;
use crate::data::arrow::arrow_type;
use crate::data::{Batch, Schema};
use crate::expr::kernel_error;

/// Writes rows of some columns, and reads them again.
pub(crate) struct RowCodec(RowConverter);

impl RowCodec {
    pub(crate) fn new(schema: &Schema) -> Result<Self> {
        let types = schema.fields().iter().map(|f| arrow_type(&f.data_type.logical));
        let converter = RowConverter::new(types.map(SortField::new).collect());
        Ok(Self(converter.map_err(kernel_error)?))
    }

    /// The bytes of each row.
    pub(crate) fn encode(&self, store: &RowStore, rows: &[RowId]) -> Result<Vec<Vec<u8>>> {
        let mut encoded = Vec::with_capacity(rows.len());
        for rows in rows.chunks(PORTION) {
            let places: Vec<Place> = rows.iter().map(|row| store.place(*row)).collect();
            let columns = store.columns(&places)?;
            let bytes = self.0.convert_columns(&columns).map_err(kernel_error)?;
            encoded.extend(bytes.iter().map(|row| row.as_ref().to_vec()));
        }
        Ok(encoded)
    }

    /// The rows of such bytes.
    pub(crate) fn decode<'a>(
        &self,
        rows: impl ExactSizeIterator<Item = &'a [u8]>,
    ) -> Result<Batch> {
        let (parser, count) = (self.0.parser(), rows.len());
        let columns = self.0.convert_rows(rows.map(|bytes| parser.parse(bytes)));
        Ok(Batch::new(columns.map_err(kernel_error)?, count))
    }
}
