//! The built-in programs print what the tutorial's did, run here by hand at parallelism 1.

use crate::base::{JobId, LabTime, OperatorId, SubtaskId, VertexId};
use crate::connectors::files::MemoryFiles;
use crate::connectors::{Poll, SinkContext, SourceContext};
use crate::data::{Element, Row, Value};
use crate::graph::{NodeKind, StreamGraph};
use crate::operators::SubtaskInfo;

use super::{scoreboard, wordcount};
