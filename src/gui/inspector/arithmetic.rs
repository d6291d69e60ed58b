//! Why a record's key belongs to its subtask: Flink's arithmetic, one step a line.

use egui::{Align2, Ui, pos2};

use super::parts;
use crate::base::VertexId;
use crate::gui::stage::{key_strip, words};
use crate::gui::theme::Type;
use crate::gui::view::View;
use crate::gui::widgets::{label, text};
use crate::model::{Hasher, Job, KeyPath, Record};
use crate::trace::event::{EdgeShape, PartitionerShape};

/// Why this subtask: the hash of the key, one step a line.
pub fn ui(ui: &mut Ui, view: &View<'_>, job: &Job, record: &Record) {
    let Some((path, key, color)) = key_path(view, job, record) else { return };
    let args = [("index", path.subtask.to_string().into())];
    parts::section(ui, view, &view.tr_args("inspector-why-subtask", &args), "");
    let hash = match path.hasher {
        Hasher::Java => view.tr("inspector-java-hash"),
        Hasher::BinaryRow => view.tr("inspector-row-hash"),
    };
    let steps = [
        (format!("hash({key})"), path.hash.to_string(), hash, false),
        (
            format!("murmur({})", path.hash),
            path.mixed.to_string(),
            view.tr("inspector-mixed"),
            false,
        ),
        (
            format!("… mod {}", path.key_groups),
            path.key_group.to_string(),
            view.tr("inspector-group"),
            true,
        ),
        (
            format!("{} × {} ÷ {}", path.key_group, path.parallelism, path.key_groups),
            path.subtask.to_string(),
            view.tr("inspector-subtask"),
            true,
        ),
    ];
    let wide = |words: &str| text::width(ui.painter(), Type::Code, words);
    let middle = steps.iter().map(|(left, ..)| wide(left)).fold(0.0, f32::max) + 10.0;
    for (left, right, note, lit) in &steps {
        step(ui, view, (left, middle), right, note, *lit);
    }
    ui.add_space(12.0);
    let shares: Vec<_> = job
        .subtasks()
        .filter(|subtask| owner_vertex(job, record) == Some(subtask.id.vertex))
        .map(|subtask| {
            let args = [("index", subtask.id.index.to_string().into())];
            (view.tr_args("stage-subtask", &args), subtask.key_groups)
        })
        .collect();
    parts::row(ui, 40.0, |ui, rect| {
        let bar = rect.with_max_y(rect.top() + 16.0);
        key_strip::shares(ui.painter(), view.theme, bar, &shares, (path.key_group, color));
    });
    label(ui, Type::Label, view.tr("inspector-owner"), view.theme.palette.text.secondary);
}

/// One equation: what is computed, the equals sign after `middle`, the result, and a word for it where
/// there is room.
fn step(
    ui: &mut Ui,
    view: &View<'_>,
    (left, middle): (&str, f32),
    right: &str,
    note: &str,
    lit: bool,
) {
    let palette = &view.theme.palette;
    parts::row(ui, 28.0, |ui, rect| {
        let painter = ui.painter();
        let look = (Type::Code, palette.text.primary);
        text::line(painter, rect.left_center(), Align2::LEFT_CENTER, look, left, middle);
        let middle = rect.left() + middle;
        let look = (Type::Code, palette.text.muted);
        text::line(painter, pos2(middle, rect.center().y), Align2::LEFT_CENTER, look, "=", 12.0);
        let ink = if lit { palette.accent.text } else { palette.text.primary };
        let at = pos2(middle + 18.0, rect.center().y);
        let look = (Type::CodeStrong, ink);
        let result = text::line(painter, at, Align2::LEFT_CENTER, look, right, 100.0);
        let look = (Type::Label, palette.text.secondary);
        if text::width(painter, look.0, note) + 8.0 <= rect.right() - result.right() {
            text::line(painter, rect.right_center(), Align2::RIGHT_CENTER, look, note, 80.0);
        }
        painter.hline(rect.x_range(), rect.bottom() + 2.0, view.theme.hairline());
    });
}

/// The vertex to whose subtasks the record, or the record that it became, is spread by key.
fn owner_vertex(job: &Job, record: &Record) -> Option<VertexId> {
    let from_here = |edge: &&EdgeShape| {
        edge.from == record.subtask.vertex.0 as usize
            && matches!(edge.partitioner, PartitionerShape::Hash(_))
    };
    let after = job.graph.edges.iter().find(from_here).map(|edge| VertexId(edge.to as u32));
    after.or_else(|| job.is_keyed(record.subtask.vertex).then_some(record.subtask.vertex))
}

fn key_path(view: &View<'_>, job: &Job, record: &Record) -> Option<(KeyPath, String, u8)> {
    let key = record.key.as_ref()?;
    let vertex = owner_vertex(job, record)?;
    let owners = job.vertices.get(vertex.0 as usize)?;
    let tables = owners.iter().flat_map(|subtask| subtask.states.values());
    let entry = tables.filter_map(|table| table.entries.get(&key.text)).next()?;
    let path = KeyPath::new(job, vertex, &entry.key_values, entry.key_group)?;
    let quoted = record.cells.iter().any(|cell| cell.text == key.text && cell.quoted);
    let text = if quoted { format!("'{}'", key.text) } else { words::value(view, &key.text) };
    Some((path, text, key.color))
}
