//! Views with what their rows use: the columns of `kubectl top` beside those of `kubectl get`.

mod columns;

use std::any::Any;
use std::sync::Arc;

use columns::{Column, Measure};

use crate::core::clock::Clock;
use crate::core::derived::Derivation;
use crate::core::jump::Jump;
use crate::core::metrics::Metrics;
use crate::core::order::Sort;
use crate::core::resource::Resource;
use crate::core::view::{AnyView, Cell, ColumnMeta, Object, Shared, SortKey, Tier, ViewRef};
use crate::model::{Container, DecodeError, Node, Pod, Projection};

/// The column of the cores in use, as such a view counts its columns.
pub const CPU: usize = 1;

/// Finds what is known of a row.
type Measuring = for<'a> fn(&dyn Object, &'a Metrics) -> Option<Measure<'a>>;

/// A view with columns of what its rows use, behind the name.
struct WithUsage {
    base: ViewRef,
    columns: &'static [Column],
    measure: Measuring,
    metrics: Arc<Metrics>,
}

/// A column of it: one of usage, or one of the view below.
enum At {
    Usage(&'static Column),
    Base(usize),
}

/// The view with what its rows use; nothing, where no metrics tell of them.
pub fn with(view: &ViewRef, metrics: &Arc<Metrics>) -> Option<ViewRef> {
    let base = view.base().unwrap_or(view).clone();
    let resource = base.resource();
    let (columns, measure): (_, Measuring) = match (resource.group.as_ref(), resource.plural.as_ref()) {
        ("", "nodes") => (columns::NODES, node),
        ("", "pods") => (columns::PODS, pod),
        ("", "containers") => (columns::PODS, container),
        _ => return None,
    };
    Some(ViewRef::Found(Arc::new(WithUsage {
        base,
        columns,
        measure,
        metrics: metrics.clone(),
    })))
}

fn row<K: 'static>(row: &dyn Object) -> Option<&K> {
    (row as &dyn Any).downcast_ref()
}

fn node<'a>(object: &dyn Object, metrics: &'a Metrics) -> Option<Measure<'a>> {
    let node: &Node = row(object)?;
    let can = node.allocatable();
    Some(Measure {
        series: metrics.nodes.whole("", &Projection::meta(node).name),
        cpu: [can.cpu_milli(), 0],
        memory: [can.memory_bytes(), 0],
    })
}

fn pod<'a>(object: &dyn Object, metrics: &'a Metrics) -> Option<Measure<'a>> {
    let pod: &Pod = row(object)?;
    let meta = Projection::meta(pod);
    let namespace = meta.namespace.as_deref().unwrap_or_default();
    let (requests, limits) = (pod.requests(), pod.limits());
    Some(Measure {
        series: metrics.pods.whole(namespace, &meta.name),
        cpu: [requests.cpu_milli, limits.cpu_milli],
        memory: [requests.memory, limits.memory],
    })
}

fn container<'a>(object: &dyn Object, metrics: &'a Metrics) -> Option<Measure<'a>> {
    let container: &Container = row(object)?;
    let meta = Projection::meta(&**container.pod());
    let namespace = meta.namespace.as_deref().unwrap_or_default();
    let (requests, limits) = (container.requests(), container.limits());
    Some(Measure {
        series: metrics.pods.part(namespace, &meta.name, container.name()),
        cpu: [requests.cpu_milli(), limits.cpu_milli()],
        memory: [requests.memory_bytes(), limits.memory_bytes()],
    })
}

impl WithUsage {
    fn at(&self, column: usize) -> At {
        match column.checked_sub(CPU).map(|at| self.columns.get(at)) {
            Some(Some(own)) => At::Usage(own),
            Some(None) => At::Base(column - self.columns.len()),
            None => At::Base(column),
        }
    }

    fn measure(&self, row: &dyn Object) -> Measure<'_> {
        (self.measure)(row, &self.metrics).unwrap_or_default()
    }
}

impl AnyView for WithUsage {
    fn resource(&self) -> &Resource {
        self.base.resource()
    }

    fn aliases(&self) -> &'static [&'static str] {
        self.base.aliases()
    }

    fn width(&self) -> usize {
        self.base.width() + self.columns.len()
    }

    fn column(&self, index: usize) -> Option<ColumnMeta<'_>> {
        match self.at(index) {
            At::Usage(column) => Some(ColumnMeta {
                title: column.title,
                width: column.width,
                tier: Tier::Always,
            }),
            At::Base(index) => self.base.column(index),
        }
    }

    fn decode(&self, raw: &str) -> Result<Shared, DecodeError> {
        self.base.decode(raw)
    }

    fn cell(&self, row: &dyn Object, column: usize, clock: &Clock) -> Cell {
        match self.at(column) {
            At::Usage(column) => (column.cell)(&self.measure(row)),
            At::Base(column) => self.base.cell(row, column, clock),
        }
    }

    fn sort<'a>(&self, row: &'a dyn Object, column: usize) -> SortKey<'a> {
        match self.at(column) {
            At::Usage(column) => (column.sort)(&self.measure(row)),
            At::Base(column) => self.base.sort(row, column),
        }
    }

    fn default_sort(&self) -> Option<Sort> {
        let sort = self.base.default_sort()?;
        let shift = if sort.column < CPU { 0 } else { self.columns.len() };
        Some(Sort {
            column: sort.column + shift,
            ..sort
        })
    }

    fn enter(&self, row: &dyn Object) -> Option<Jump> {
        self.base.enter(row)
    }

    fn derived(&self) -> Option<&Derivation> {
        self.base.derived()
    }

    fn base(&self) -> Option<&ViewRef> {
        Some(&self.base)
    }
}
