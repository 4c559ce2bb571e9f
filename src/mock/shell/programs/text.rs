//! Programs that make text: seq, yes, basename, dirname.

use bytes::Bytes;

use super::super::run::Flow;
use super::Process;

/// How much is written at once.
const PIECE: usize = 16 * 1024;

/// `seq [FIRST [STEP]] LAST`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn seq(process: &mut Process) -> Result<i32, Flow> {
    let numbers: Vec<i64> = process.args.iter().filter_map(|arg| arg.parse().ok()).collect();
    let (first, step, last) = match numbers.as_slice() {
        [last] => (1, 1, *last),
        [first, last] => (*first, 1, *last),
        [first, step, last] if *step != 0 => (*first, *step, *last),
        _ => return process.fail("missing operand").await,
    };
    let mut piece = String::with_capacity(PIECE + 32);
    let mut number = first;
    while if step > 0 { number <= last } else { number >= last } {
        piece.push_str(&number.to_string());
        piece.push('\n');
        if piece.len() >= PIECE {
            process.out(std::mem::take(&mut piece)).await?;
            tokio::task::yield_now().await;
        }
        match number.checked_add(step) {
            Some(next) => number = next,
            None => break,
        }
    }
    process.out(piece).await?;
    Ok(0)
}

/// `yes [TEXT]`: until nobody reads.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn yes(process: &mut Process) -> Result<i32, Flow> {
    let line = if process.args.is_empty() {
        "y".to_owned()
    } else {
        process.args.join(" ")
    };
    let piece = Bytes::from(format!("{line}\n").repeat((PIECE / (line.len() + 1)).max(1)));
    loop {
        process.out(piece.clone()).await?;
        tokio::task::yield_now().await;
    }
}

/// `basename` and `dirname`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn path(process: &mut Process) -> Result<i32, Flow> {
    let whole = process.args.first().map(String::as_str).unwrap_or_default();
    let whole = whole.trim_end_matches('/');
    let (folder, name) = whole.rsplit_once('/').unwrap_or((".", whole));
    let part = if process.name == "dirname" {
        if folder.is_empty() { "/" } else { folder }
    } else {
        process
            .args
            .get(1)
            .and_then(|end| name.strip_suffix(end.as_str()))
            .unwrap_or(name)
    };
    process.out(format!("{part}\n")).await?;
    Ok(0)
}
