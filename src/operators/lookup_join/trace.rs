//! What the trace is told of a lookup: which row asked for what, and what was found.

use arrow::array::ArrayRef;

use super::LookupJoinFactory;
use crate::base::RecordId;
use crate::connectors::Found;
use crate::data::value_at;
use crate::operators::Context;
use crate::trace::event::LookUp;

/// Tells it for each of the records that have asked, whose keys are those of `keys` and of `found`.
pub(super) fn tell(
    factory: &LookupJoinFactory,
    ids: impl Iterator<Item = RecordId>,
    keys: &[ArrayRef],
    found: &Found,
    context: &mut Context<'_>,
) {
    let columns = factory.lookup.output().fields();
    let mut next = 0;
    for (place, id) in ids.enumerate() {
        let answers = found.keys[next..].iter().take_while(|key| **key as usize == place);
        let answers = next..next + answers.count();
        next = answers.end;
        let key = factory.keys.iter().zip(keys);
        let key = key.map(|((name, e), c)| (name.clone(), value_at(c, &e.data_type, place)));
        let named = |row: usize| {
            let values = columns.iter().zip(found.rows.columns());
            let value =
                values.map(|(f, c)| (f.name.as_str().into(), value_at(c, &f.data_type, row)));
            value.collect()
        };
        let look_up = LookUp {
            table: factory.table.clone(),
            key: key.collect(),
            count: answers.len() as u64,
            found: answers.take(LookUp::MAX_FOUND).map(named).collect(),
        };
        context.trace_lookup(id, look_up);
    }
}
