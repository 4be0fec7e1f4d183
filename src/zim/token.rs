//! Access tokens: who may log in, and until when.
//!
//! ZIM's token is "04" and an encrypted body with the expiry in clear before it.
//! This one keeps what matters to a client (prefix, expiry in clear, a signature that
//! only the application's server can make) and spares the cipher: it guards nothing.

use super::UserId;
use crate::rng::{Label, Seed};
use crate::time::Wall;
use serde::{Deserialize, Serialize};

/// A token as an app hands it to `login` or `renewToken`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(String);

/// Why a server does not take a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// Not made by this application's server, or not for this user.
    Invalid,
    /// Its time is over.
    Expired,
}

impl Token {
    /// Makes a token as the application's own server does.
    pub fn mint(user: &UserId, expires: Wall) -> Token {
        Token(format!("04.{}.{:016x}.{user}", expires.ms(), sign(user, expires)))
    }

    /// A token that no application server has signed.
    pub fn forged(user: &UserId, expires: Wall) -> Token {
        Token(format!("04.{}.{:016x}.{user}", expires.ms(), !sign(user, expires)))
    }

    /// When the token runs out; `None` if the text is no token.
    pub fn expires(&self) -> Option<Wall> {
        let (expires, _, _) = self.parts()?;
        Some(expires)
    }

    /// Checks the token for `user` by a clock that reads `wall`.
    ///
    /// # Errors
    /// [`TokenFault::Invalid`] before [`TokenFault::Expired`]: a forged expiry says nothing.
    pub fn verify(&self, user: &UserId, wall: Wall) -> Result<Wall, TokenFault> {
        let (expires, signature, bearer) = self.parts().ok_or(TokenFault::Invalid)?;
        if bearer != user.as_str() || signature != sign(user, expires) {
            return Err(TokenFault::Invalid);
        }
        if expires <= wall {
            return Err(TokenFault::Expired);
        }
        Ok(expires)
    }

    fn parts(&self) -> Option<(Wall, u64, &str)> {
        let body = self.0.strip_prefix("04.")?;
        let mut fields = body.splitn(3, '.');
        let expires = Wall::from_ms(fields.next()?.parse().ok()?);
        let signature = u64::from_str_radix(fields.next()?, 16).ok()?;
        Some((expires, signature, fields.next()?))
    }
}

/// The application's secret is a constant: what is simulated is refusal, not forgery.
fn sign(user: &UserId, expires: Wall) -> u64 {
    Seed(0x0005_ec2e_7000).draw(Label::new(user.as_str()), 0, expires.ms().cast_unsigned(), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_taken_from_its_user_until_it_runs_out() {
        let alice = UserId::from("alice");
        let token = Token::mint(&alice, Wall::from_ms(1000));
        assert_eq!(token.expires(), Some(Wall::from_ms(1000)));
        assert_eq!(token.verify(&alice, Wall::from_ms(999)), Ok(Wall::from_ms(1000)));
        assert_eq!(token.verify(&alice, Wall::from_ms(1000)), Err(TokenFault::Expired));
        assert_eq!(token.verify(&UserId::from("bob"), Wall::from_ms(0)), Err(TokenFault::Invalid));
    }

    #[test]
    fn a_forged_or_broken_token_is_invalid() {
        let alice = UserId::from("alice");
        let forged = Token::forged(&alice, Wall::from_ms(1000));
        assert_eq!(forged.verify(&alice, Wall::from_ms(0)), Err(TokenFault::Invalid));
        assert_eq!(
            Token("nonsense".into()).verify(&alice, Wall::default()),
            Err(TokenFault::Invalid)
        );
        assert_eq!(Token("04.x".into()).expires(), None);
    }
}
