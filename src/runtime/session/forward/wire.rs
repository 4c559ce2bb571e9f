//! What is spoken inside a port-forward's WebSocket: SPDY/3.1 as kubectl speaks it, which tells the end of each direction
//! by itself, and with older servers two channels, the first for data, the second for errors, which cannot.

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// SPDY in a WebSocket: from Kubernetes 1.31 on, where the API server translates it for the node.
const TUNNEL: &str = "SPDY/3.1+portforward.k8s.io";

/// What is offered, the better one first.
pub const PROTOCOLS: &str = "SPDY/3.1+portforward.k8s.io, v4.channel.k8s.io";

/// The streams of one connection: errors first, as kubectl opens them.
const ERRORS: u32 = 1;
const DATA: u32 = 3;

/// The flag of a direction's last frame.
const FIN: u8 = 1;

/// The longest frame that is taken, in bytes: far more than servers send at once.
const LONGEST: usize = 16 << 20;

/// How connections are carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// SPDY.
    Tunnel,
    /// Two channels.
    Channels,
}

/// A piece of what comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// From the pod's port.
    Data(Bytes),
    /// Why the port cannot be reached.
    Error(Bytes),
    /// The pod has said all.
    End,
    /// To be sent back.
    Answer(Bytes),
}

/// The other end speaks otherwise than agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Garbled;

impl Wire {
    /// What the server has chosen.
    pub fn chosen(protocol: &str) -> Self {
        if protocol == TUNNEL {
            Self::Tunnel
        } else {
            Self::Channels
        }
    }

    /// What opens a connection to a port.
    pub fn open(self, port: u16) -> Vec<Bytes> {
        match self {
            Self::Tunnel => vec![
                stream(ERRORS, &block("error", port), true),
                frame(ERRORS, FIN, &[]),
                stream(DATA, &block("data", port), false),
            ],
            // The ports are in the query, and all are open from the beginning.
            Self::Channels => Vec::new(),
        }
    }

    /// Bytes for the port.
    pub fn data(self, bytes: &[u8]) -> Bytes {
        match self {
            Self::Tunnel => frame(DATA, 0, bytes),
            Self::Channels => {
                let mut framed = BytesMut::with_capacity(bytes.len() + 1);
                framed.put_u8(0);
                framed.extend_from_slice(bytes);
                framed.freeze()
            }
        }
    }

    /// What says that nothing more is sent; nothing where that cannot be said.
    pub fn end(self) -> Option<Bytes> {
        (self == Self::Tunnel).then(|| frame(DATA, FIN, &[]))
    }
}

/// The header of a stream: names and values as SPDY/3 has them.
fn block(kind: &str, port: u16) -> Vec<u8> {
    let port = port.to_string();
    let pairs = [("streamtype", kind), ("port", &port), ("requestid", "0")];
    let mut block = Vec::new();
    block.put_u32(pairs.len() as u32);
    for text in pairs.iter().flat_map(|(name, value)| [name, value]) {
        block.put_u32(text.len() as u32);
        block.extend_from_slice(text.as_bytes());
    }
    block
}

/// A stream is opened. Headers are one zlib stream for the whole connection; nothing forces them to be compressed.
fn stream(number: u32, block: &[u8], first: bool) -> Bytes {
    let mut headers: Vec<u8> = if first { vec![0x78, 0x01] } else { Vec::new() };
    for bytes in [block, &[]] {
        // A block that is stored as it is; readers hand nothing on before an empty one follows.
        let length = bytes.len() as u16;
        headers.push(0);
        headers.put_u16_le(length);
        headers.put_u16_le(!length);
        headers.extend_from_slice(bytes);
    }
    let mut frame = BytesMut::new();
    frame.put_u16(0x8003);
    frame.put_u16(1);
    frame.put_u32(headers.len() as u32 + 10);
    frame.put_u32(number);
    frame.put_u32(0);
    frame.put_u16(0);
    frame.extend_from_slice(&headers);
    frame.freeze()
}

fn frame(stream: u32, flags: u8, bytes: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(bytes.len() + 8);
    frame.put_u32(stream);
    frame.put_u32(u32::from(flags) << 24 | bytes.len() as u32);
    frame.extend_from_slice(bytes);
    frame.freeze()
}

/// Takes what comes in apart.
pub struct Reader {
    wire: Wire,
    rest: BytesMut,
    greeted: [bool; 2],
}

impl Reader {
    /// A reader at the beginning.
    pub fn new(wire: Wire) -> Self {
        Self {
            wire,
            rest: BytesMut::new(),
            greeted: [false; 2],
        }
    }

    /// The pieces of a message.
    ///
    /// # Errors
    /// That it cannot be understood.
    pub fn take(&mut self, message: Bytes) -> Result<Vec<Piece>, Garbled> {
        if self.wire == Wire::Channels {
            return Ok(self.channel(message).into_iter().collect());
        }
        self.rest.extend_from_slice(&message);
        let mut pieces = Vec::new();
        while let Some((head, body)) = self.whole_frame()? {
            pieces.extend(piece(head, body));
        }
        Ok(pieces)
    }

    /// The first message of each channel is the port's number; whatever has another number is nobody's.
    fn channel(&mut self, mut message: Bytes) -> Option<Piece> {
        let channel = usize::from(*message.first()?);
        message.advance(1);
        let greeted = self.greeted.get_mut(channel)?;
        if !std::mem::replace(greeted, true) || message.is_empty() {
            return None;
        }
        Some(if channel == 0 {
            Piece::Data(message)
        } else {
            Piece::Error(message)
        })
    }

    fn whole_frame(&mut self) -> Result<Option<([u32; 2], Bytes)>, Garbled> {
        let Some(mut head) = self.rest.get(..8) else {
            return Ok(None);
        };
        let (first, second) = (head.get_u32(), head.get_u32());
        let length = (second & 0x00FF_FFFF) as usize;
        if length > LONGEST || (first & 0x8000_0000 != 0 && first >> 16 != 0x8003) {
            return Err(Garbled);
        }
        if self.rest.len() < 8 + length {
            return Ok(None);
        }
        self.rest.advance(8);
        Ok(Some(([first, second], self.rest.split_to(length).freeze())))
    }
}

/// What a frame says. Both of data and end, where a frame says both.
fn piece([first, second]: [u32; 2], mut body: Bytes) -> Vec<Piece> {
    let last = (second >> 24) as u8 & FIN != 0;
    let number = |body: &mut Bytes| body.try_get_u32().unwrap_or_default();
    match (first, first & 0xFFFF) {
        (DATA, _) => {
            let data = (!body.is_empty()).then_some(Piece::Data(body));
            data.into_iter().chain(last.then_some(Piece::End)).collect()
        }
        (ERRORS, _) if !body.is_empty() => vec![Piece::Error(body)],
        (first, _) if first & 0x8000_0000 == 0 => Vec::new(),
        // A stream is given up.
        (_, 3) if number(&mut body) == DATA => vec![Piece::End],
        // A ping is answered by itself; ours would have odd numbers, and we send none.
        (_, 6) => {
            let mut answer = BytesMut::new();
            answer.put_u32(0x8003_0006);
            answer.put_u32(4);
            answer.extend_from_slice(&body);
            vec![Piece::Answer(answer.freeze())]
        }
        (_, 7) => vec![Piece::End],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_taken_apart_however_they_come() {
        let mut bytes = BytesMut::new();
        bytes.extend_from_slice(&frame(ERRORS, FIN, b"refused"));
        bytes.extend_from_slice(&frame(DATA, 0, b"hello"));
        bytes.extend_from_slice(&[0x80, 3, 0, 6, 0, 0, 0, 4, 0, 0, 0, 2]);
        bytes.extend_from_slice(&[0x80, 3, 0, 2, 0, 0, 0, 4, 0, 0, 0, 3]);
        bytes.extend_from_slice(&frame(DATA, FIN, b"!"));
        let wanted = [
            Piece::Error(Bytes::from_static(b"refused")),
            Piece::Data(Bytes::from_static(b"hello")),
            Piece::Answer(Bytes::from_static(&[0x80, 3, 0, 6, 0, 0, 0, 4, 0, 0, 0, 2])),
            Piece::Data(Bytes::from_static(b"!")),
            Piece::End,
        ];
        for size in [1, 3, 7, 1000] {
            let mut reader = Reader::new(Wire::Tunnel);
            let messages = bytes.chunks(size).map(Bytes::copy_from_slice);
            let pieces: Vec<Piece> = messages.flat_map(|message| reader.take(message).unwrap()).collect();
            assert_eq!(pieces, wanted, "in pieces of {size}");
        }
        let garbage = Bytes::from_static(&[0x80, 9, 0, 1, 0, 0, 0, 0]);
        assert_eq!(Reader::new(Wire::Tunnel).take(garbage), Err(Garbled));
    }

    #[test]
    fn channels_begin_with_their_port() {
        let mut reader = Reader::new(Wire::Channels);
        for (message, wanted) in [
            (&[0, 80, 0][..], None),
            (&[1, 80, 0], None),
            (&[0, b'a'], Some(Piece::Data(Bytes::from_static(b"a")))),
            (&[1, b'e'], Some(Piece::Error(Bytes::from_static(b"e")))),
            (&[0], None),
            (&[9, 1, 2], None),
            (&[], None),
        ] {
            let pieces = reader.take(Bytes::copy_from_slice(message)).unwrap();
            assert_eq!(pieces.first(), wanted.as_ref(), "{message:?}");
        }
    }
}
