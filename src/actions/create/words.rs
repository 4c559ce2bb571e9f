//! Small texts that are typed into forms: commands, pairs, images.

/// A command line in words, with quotes as a shell has them; nothing where a quote is not closed.
pub fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(ch) = chars.next() {
        match (quote, ch) {
            (Some(open), ch) if ch == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(ch);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => word.get_or_insert_default().push(chars.next()?),
            (None, ch) if ch.is_whitespace() => words.extend(word.take()),
            (_, ch) => word.get_or_insert_default().push(ch),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// `a=1,b=2` as pairs; nothing where a part is no pair.
pub fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=')?;
            (!name.is_empty()).then(|| (name.trim().to_string(), value.trim().to_string()))
        })
        .collect()
}

/// The name that kubectl gives the container of an image (`buildPodSpec` in `create_deployment.go`). A name that had to
/// be changed gets an ending, there by chance, here from the image.
pub fn image_name(image: &str) -> String {
    let last = image.rsplit('/').next().unwrap_or(image);
    let name = last.split([':', '@']).next().unwrap_or(last);
    if name.contains(['_', '.']) {
        let sum = image
            .bytes()
            .fold(5381_u32, |sum, byte| sum.wrapping_mul(33) ^ u32::from(byte));
        format!("{}-{:05x}", name.replace(['_', '.'], "-"), sum & 0xf_ffff)
    } else {
        name.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_split_as_a_shell_splits() {
        for (text, words) in [
            ("", Some(vec![])),
            ("sleep  60", Some(vec!["sleep", "60"])),
            ("sh -c 'echo \"a b\"; x'", Some(vec!["sh", "-c", "echo \"a b\"; x"])),
            (r#"a "b \" c" '' d\ e"#, Some(vec!["a", "b \" c", "", "d e"])),
            ("a 'b", None),
            ("a \\", None),
        ] {
            let words = words.map(|words| words.into_iter().map(str::to_string).collect::<Vec<_>>());
            assert_eq!(split(text), words, "{text}");
        }
    }

    #[test]
    fn containers_are_named_after_their_image() {
        for (image, name) in [
            ("nginx", "nginx"),
            ("registry.example.com:5000/team/api:1.2", "api"),
            ("nginx@sha256:abc", "nginx"),
        ] {
            assert_eq!(image_name(image), name);
        }
        assert!(image_name("a/my_app.x:1").starts_with("my-app-x-"));
        assert_eq!(
            pairs("a=1, b=x=y,"),
            Some(vec![("a".into(), "1".into()), ("b".into(), "x=y".into())])
        );
        assert_eq!(pairs("a"), None);
    }
}
