//! Small texts that are typed into forms: pairs, images.

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
