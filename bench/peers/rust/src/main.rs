//! Sends blocks that are in memory, each a whole stream of COPY in binary, by tokio-postgres: a thread
//! a connection, with a runtime of its own, so that no task moves between threads.
//!
//! Connects by PGHOST, PGPORT, PGUSER, PGDATABASE, PGAPPNAME, PGOPTIONS and PGPASSFILE, without TLS.

use std::collections::HashMap;
use std::error::Error;
use std::io::Write;
use std::pin::pin;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, process, thread};

use bytes::Bytes;
use futures_util::SinkExt;
use tokio::runtime;
use tokio_postgres::{Config, NoTls};

/// A CopyData message is copied once, into the socket's buffer: 64 KiB to a whole block took as long.
const MESSAGE_BYTES: usize = 256 * 1024;

type Failure = Box<dyn Error + Send + Sync>;

fn main() {
    if let Err(failure) = load() {
        fail(failure);
    }
}

fn fail(failure: Failure) -> ! {
    // What the server said is the source of what tokio-postgres says.
    let source = failure.source().map(|source| format!(": {source}"));
    eprintln!(
        "{}",
        format!("{failure}{}", source.unwrap_or_default()).replace('\n', " ")
    );
    process::exit(1)
}

fn load() -> Result<(), Failure> {
    let words: Vec<String> = env::args().skip(1).collect();
    let options: HashMap<&str, &str> = words
        .chunks_exact(2)
        .map(|pair| (pair[0].as_str(), pair[1].as_str()))
        .collect();
    let option = |name: &str| options.get(name).copied().ok_or(format!("{name} is missing"));
    let workers: usize = option("--workers")?.parse()?;
    let columns: Vec<String> = serde_json::from_str(&env::var("COPYLAB_COLUMNS")?)?;
    let names: Vec<String> = columns
        .iter()
        .map(|name| format!("\"{}\"", name.replace('"', "\"\"")))
        .collect();
    let statement = format!(
        "COPY {} ({}) FROM STDIN (FORMAT binary)",
        option("--table")?,
        names.join(", ")
    );

    let mut files: Vec<_> = fs::read_dir(option("--parts")?)?
        .map(|entry| entry.map(|found| found.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let blocks: Vec<Bytes> = files
        .iter()
        .map(|path| fs::read(path).map(Bytes::from))
        .collect::<Result<_, _>>()?;
    let config = config()?;

    let next = AtomicUsize::new(0);
    let together = Barrier::new(workers + 1);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
                let sent = runtime.block_on(send(&config, &statement, &blocks, &next, &together));
                if let Err(failure) = sent {
                    fail(failure);
                }
            });
        }
        together.wait();
        say("ready");
        together.wait();
    });
    say("done");
    Ok(())
}

/// Connects, waits until all have and `ready` is said, and sends the next block as soon as its last one is in.
async fn send(
    config: &Config,
    statement: &str,
    blocks: &[Bytes],
    next: &AtomicUsize,
    together: &Barrier,
) -> Result<(), Failure> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    let copy = client.prepare(statement).await?;
    together.wait();
    together.wait();
    while let Some(block) = blocks.get(next.fetch_add(1, Ordering::Relaxed)) {
        let mut sink = pin!(client.copy_in(&copy).await?);
        for at in (0..block.len()).step_by(MESSAGE_BYTES) {
            sink.feed(block.slice(at..block.len().min(at + MESSAGE_BYTES))).await?;
        }
        sink.finish().await?;
    }
    Ok(())
}

fn say(word: &str) {
    println!("{word}");
    std::io::stdout().flush().unwrap();
}

fn config() -> Result<Config, Failure> {
    let variable = |name: &str| env::var(name).ok();
    let host = variable("PGHOST").unwrap_or("localhost".into());
    let port = variable("PGPORT").unwrap_or("5432".into());
    let user = variable("PGUSER").ok_or("PGUSER is missing")?;
    let database = variable("PGDATABASE").unwrap_or(user.clone());
    let mut config = Config::new();
    config.host(&host).port(port.parse()?).user(&user).dbname(&database);
    if let Some(name) = variable("PGAPPNAME") {
        config.application_name(name);
    }
    if let Some(options) = variable("PGOPTIONS") {
        config.options(options);
    }
    if let Some(path) = variable("PGPASSFILE") {
        let text = fs::read_to_string(path)?;
        if let Some(password) = password(&text, &[&host, &port, &database, &user]) {
            config.password(password);
        }
    }
    Ok(config)
}

/// The password of a file as libpq reads it: five fields a line, of which `*` stands for any value.
fn password(text: &str, wanted: &[&str; 4]) -> Option<String> {
    text.lines().map(fields).find_map(|mut line| {
        let fits = line.len() == 5
            && wanted
                .iter()
                .zip(&line)
                .all(|(value, field)| field == "*" || field == value);
        if fits { line.pop() } else { None }
    })
}

/// Fields between colons; a backslash stands before a colon or a backslash that is meant.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ':' => fields.push(String::new()),
            '\\' => fields.last_mut().unwrap().extend(letters.next()),
            _ => fields.last_mut().unwrap().push(letter),
        }
    }
    fields
}
