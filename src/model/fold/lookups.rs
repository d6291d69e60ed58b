//! What rows asked of tables.

use std::sync::Arc;

use super::{Model, Moment};
use crate::base::{RecordId, SubtaskId};
use crate::data::Value;
use crate::model::cells::value_text;
use crate::model::records::{Hop, Named, Place};
use crate::trace::event::LookUp;

pub(super) fn asked(
    model: &mut Model,
    moment: Moment,
    subtask: SubtaskId,
    id: RecordId,
    look_up: &LookUp,
) {
    let place = Place::Asked {
        subtask,
        table: look_up.table.clone(),
        key: named(&look_up.key),
        count: look_up.count,
        found: look_up.found.first().map(|row| named(row)),
    };
    model.records.hop(id, Hop { sequence: moment.sequence, at: moment.at, place });
}

fn named(values: &[(Arc<str>, Value)]) -> Named {
    values.iter().map(|(name, value)| (name.clone(), value_text(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{LabTime, OperatorId};
    use crate::data::RowKind;
    use crate::model::records::Record;
    use crate::trace::Causes;
    use crate::trace::event::{Event, EventKind};

    /// The stamp of a record that asked for one key.
    fn stamp(count: u64, found: Vec<Vec<(Arc<str>, Value)>>) -> Place {
        let (mut model, id) = (Model::default(), RecordId::new(1, 1));
        let (subtask, operator) = (SubtaskId::default(), OperatorId(0));
        model.records.insert(Record {
            id,
            kind: RowKind::Insert,
            cells: Arc::new([]),
            key: None,
            subtask,
            operator,
            causes: Causes::Source { position: 0 },
            effects: Vec::new(),
            hops: Vec::new(),
        });
        let key =
            vec![("id".into(), Value::Int(10)), ("city".into(), Value::String("Ceará".into()))];
        let look_up = Arc::new(LookUp { table: "people".into(), key, count, found });
        let kind = EventKind::LookedUp { subtask, operator, id, look_up };
        model.apply(&Event { sequence: 0, at: LabTime(0), kind });
        model.records.get(id).unwrap().hops[0].place.clone()
    }

    #[test]
    fn a_record_remembers_what_it_asked_and_what_it_got() {
        let texts = |pairs: [(&str, &str); 2]| -> Named {
            pairs.into_iter().map(|(name, text)| (name.into(), text.into())).collect()
        };
        let asked = |count, found: Option<[(&str, &str); 2]>| Place::Asked {
            subtask: SubtaskId::default(),
            table: "people".into(),
            key: texts([("id", "10"), ("city", "Ceará")]),
            count,
            found: found.map(texts),
        };
        assert_eq!(stamp(0, Vec::new()), asked(0, None));
        let row = |age: i32| vec![("age".into(), Value::Int(age)), ("name".into(), Value::Null)];
        let expected = asked(2, Some([("age", "31"), ("name", "<NULL>")]));
        assert_eq!(stamp(2, vec![row(31), row(32)]), expected);
    }
}
