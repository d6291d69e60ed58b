//! Socket sources of running jobs: a listener for each, whose lines go to its source and to no other.

use super::Engine;
use crate::base::{JobId, LabTime, VertexId};
use crate::connectors::socket::Endpoint;
use crate::data::{Row, Value};
use crate::graph::{JobGraph, JobVertex, NodeKind};
use crate::runtime::listener::{Heard, Listener};

/// A source that takes lines.
pub(super) struct SocketInput {
    job: JobId,
    vertex: VertexId,
    endpoint: Endpoint,
    /// The connection of an attempt of the job; absent until the job runs.
    listener: Option<(u32, Listener)>,
}

/// The sources of a graph that take lines.
pub(super) fn endpoints(graph: &JobGraph) -> Vec<(VertexId, Endpoint)> {
    let endpoint = |vertex: &JobVertex| match &vertex.chain.first()?.node.body {
        NodeKind::Source(source) => source.listens_to().cloned().map(|e| (vertex.id, e)),
        _ => None,
    };
    graph.vertices.iter().filter_map(endpoint).collect()
}

impl Engine {
    /// Remembers the socket sources of a job.
    pub(super) fn await_sockets(&mut self, job: JobId, endpoints: Vec<(VertexId, Endpoint)>) {
        let input = |(vertex, endpoint)| SocketInput { job, vertex, endpoint, listener: None };
        self.sockets.extend(endpoints.into_iter().map(input));
    }

    /// Whether lines may come from outside at any moment.
    pub fn listens(&self) -> bool {
        !self.sockets.is_empty()
    }

    /// Takes what came. A job that runs gets a connection, one that started anew a new one.
    pub(super) fn hear_sockets(&mut self, now: LabTime) {
        if self.sockets.is_empty() {
            return;
        }
        self.tracer.set_now(now);
        let mut sockets = std::mem::take(&mut self.sockets);
        sockets.retain(|socket| !self.is_over(socket.job));
        sockets.iter_mut().for_each(|socket| self.hear(socket));
        self.sockets = sockets;
    }

    fn hear(&mut self, socket: &mut SocketInput) {
        let (job, vertex) = (socket.job, socket.vertex);
        let Some(attempt) = self.job_manager.running_attempt(job) else { return };
        if socket.listener.as_ref().is_none_or(|(of, _)| *of != attempt) {
            let started = Listener::start(socket.endpoint.clone(), self.options.remote_sockets);
            match started {
                Ok(listener) => socket.listener = Some((attempt, listener)),
                Err(error) => {
                    self.master(|jobs, desk| jobs.no_more(job, vertex, Some(error), desk));
                }
            }
        }
        let heard = socket.listener.as_ref().and_then(|(_, listener)| listener.next());
        match heard {
            Some(Heard::Lines(lines)) => {
                let row = |line: String| Row::insert(vec![Value::String(line.into())]);
                let rows = lines.into_iter().map(row).collect();
                self.master(|jobs, desk| jobs.feed_source(job, vertex, rows, desk));
            }
            Some(Heard::Over(cause)) => {
                self.master(|jobs, desk| jobs.no_more(job, vertex, cause, desk));
            }
            None => {}
        }
    }
}
