//! Two sides of one connection.

use tls::{Error, Stream, Tls};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The two ends of a TCP connection: the client's, the server's.
pub async fn tcp() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (client, server) =
        tokio::join!(TcpStream::connect(listener.local_addr().unwrap()), listener.accept());
    (client.unwrap(), server.unwrap().0)
}

/// What both sides have of a handshake: the client's, the server's. The server greets, as in HTTP/2.
pub async fn handshake(
    client: &Tls,
    server: &Tls,
    host: &str,
) -> (Result<Stream, Error>, Result<Stream, Error>) {
    let (near, far) = tcp().await;
    tokio::join!(client.connect(host, near), async {
        let mut stream = server.accept(far).await?;
        stream.write_all(b"hello").await.unwrap();
        stream.flush().await.unwrap();
        Ok(stream)
    })
}

/// Checks that the two can talk, both ways.
pub async fn talk(client: &Tls, server: &Tls, host: &str) {
    let (client, server) = handshake(client, server, host).await;
    let (mut client, mut server) = (client.unwrap(), server.unwrap());
    let mut heard = [0; 5];
    client.read_exact(&mut heard).await.unwrap();
    assert_eq!(&heard, b"hello", "what the handshake waited for is still there");
    client.write_all(b"reply").await.unwrap();
    client.flush().await.unwrap();
    server.read_exact(&mut heard).await.unwrap();
    assert_eq!(&heard, b"reply");
}
