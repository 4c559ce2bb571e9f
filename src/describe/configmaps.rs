//! ConfigMaps.

use crate::core::text::Tone;
use crate::model::mask;

use super::value::Read;
use super::words::Words;
use super::{Describer, Input, Writer, meta};

/// Describes a ConfigMap, as `ConfigMapDescriber` in kubectl: every value whole.
pub struct ConfigMaps;

impl Describer for ConfigMaps {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("", "ConfigMap")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let map = input.object;
        meta::all(map, out);
        if map.key("immutable").truth() {
            out.field("Immutable", "true");
        }
        let (data, binary) = (map.key("data").members(), map.key("binaryData").members());
        out.section("Data");
        if data.is_empty() {
            out.lines(Words::none());
        }
        for (key, value) in data {
            out.item(key, Tone::Accent);
            out.block(|out| out.lines(Words::toned(value.show(), Tone::Plain)));
        }
        out.section("BinaryData");
        if binary.is_empty() {
            out.lines(Words::none());
        }
        for (key, value) in binary {
            out.field(key, format!("{} bytes", mask::bytes(value.text())));
        }
    }
}
