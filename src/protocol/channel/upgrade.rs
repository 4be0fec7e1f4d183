//! The HTTP exchange that a WebSocket begins with (RFC 6455, section 4).

use super::error::ProtocolError;
use crate::rng::Stream;
use tungstenite::handshake::client;
use tungstenite::handshake::derive_accept_key;
use tungstenite::handshake::machine::TryParse;
use tungstenite::handshake::server::{self, create_response, write_response};
use tungstenite::http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, UPGRADE};
use tungstenite::http::{HeaderName, StatusCode};

/// A `Sec-WebSocket-Key`: 16 drawn bytes in base64.
pub(super) fn draw_key(stream: &mut Stream) -> String {
    let halves = [stream.next_u64().to_be_bytes(), stream.next_u64().to_be_bytes()];
    base64(halves.as_flattened())
}

/// The request that asks this host for a WebSocket.
pub(super) fn request(host: &str, key: &str) -> Vec<u8> {
    format!(
        "GET / HTTP/1.1\r\n\
         Host: {host}\r\n\
         Connection: Upgrade\r\n\
         Upgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: {key}\r\n\
         accept: application/json\r\n\r\n"
    )
    .into_bytes()
}

/// Reads a request; `None` if it is not all there. Returns the answer and how many bytes
/// the request takes.
pub(super) fn answer(bytes: &[u8]) -> Result<Option<(Vec<u8>, usize)>, ProtocolError> {
    let bad = |error: tungstenite::Error| ProtocolError::BadRequest(error.to_string());
    let Some((size, request)) = server::Request::try_parse(bytes).map_err(bad)? else {
        return Ok(None);
    };
    let response = create_response(&request).map_err(bad)?;
    let mut answer = Vec::new();
    write_response(&mut answer, &response).map_err(bad)?;
    Ok(Some((answer, size)))
}

/// Reads the answer to the request with this key; `None` if it is not all there. Returns
/// how many bytes it takes.
pub(super) fn read_answer(bytes: &[u8], key: &str) -> Result<Option<usize>, ProtocolError> {
    let bad = |error: tungstenite::Error| ProtocolError::BadResponse(error.to_string());
    let Some((size, response)) = client::Response::try_parse(bytes).map_err(bad)? else {
        return Ok(None);
    };
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Err(ProtocolError::NotSwitching(response.status().as_u16()));
    }
    let header = |name: HeaderName| response.headers().get(name)?.to_str().ok();
    if !header(UPGRADE).is_some_and(|value| value.eq_ignore_ascii_case("websocket")) {
        return Err(ProtocolError::MissingHeader("Upgrade"));
    }
    if !header(CONNECTION).is_some_and(|value| value.eq_ignore_ascii_case("upgrade")) {
        return Err(ProtocolError::MissingHeader("Connection"));
    }
    let got = header(SEC_WEBSOCKET_ACCEPT);
    let got = got.ok_or(ProtocolError::MissingHeader("Sec-WebSocket-Accept"))?;
    let expected = derive_accept_key(key.as_bytes());
    if got != expected {
        return Err(ProtocolError::WrongAccept { expected, got: got.to_owned() });
    }
    Ok(Some(size))
}

/// Base64 with padding (RFC 4648).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |place: usize| usize::from(group.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = char::from(ALPHABET[bits >> (18 - 6 * place) & 0x3f]);
            text.push(if place <= group.len() { letter } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use tungstenite::http::header::{
        ACCEPT, HOST, SEC_WEBSOCKET_KEY as KEY, SEC_WEBSOCKET_VERSION as VERSION,
    };

    #[test]
    fn the_request_is_the_one_that_tungstenite_writes() {
        let key = base64(&[7; 16]);
        let whole = client::Request::builder()
            .uri("/")
            .header(HOST, "zim.example")
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "websocket")
            .header(VERSION, "13")
            .header(KEY, &key)
            .header(ACCEPT, "application/json")
            .body(())
            .unwrap();
        let (bytes, _) = client::generate_request(whole).unwrap();
        let texts = [bytes, request("zim.example", &key)].map(String::from_utf8);
        assert_eq!(texts[0], texts[1]);
    }

    #[test]
    fn base64_matches_the_vectors_of_rfc_4648() {
        let vectors =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (plain, encoded) in vectors {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
        assert_eq!(base64(&[0xff, 0xfe, 0x3e]), "//4+");
    }
}
