//! The log on stderr, as another process sees it: the test runs itself.

use std::process::Command;

use serve::LogFormat;

const TEST: &str = "one_target_is_told_in_detail_as_json_with_microseconds_in_utc";

#[test]
fn one_target_is_told_in_detail_as_json_with_microseconds_in_utc() {
    if std::env::var_os("LOG_OF_A_TEST").is_some() {
        serve::log(LogFormat::Json, "info,atoll::messages=debug").unwrap();
        assert!(serve::log(LogFormat::Json, "info").is_err(), "the log is set up once");
        tracing::debug!(target: "atoll::messages", me = 1, label = "change 5@1", "sent");
        tracing::debug!("a detail of something else");
        tracing::info!("serving");
        return;
    }
    let mut itself = Command::new(std::env::current_exe().unwrap());
    let run = itself.args([TEST, "--exact", "--nocapture"]).env("LOG_OF_A_TEST", "1").output().unwrap();
    assert!(run.status.success(), "{run:?}");
    let log = String::from_utf8(run.stderr).unwrap();
    let lines: Vec<_> = log.lines().filter(|line| line.starts_with('{')).collect();
    assert_eq!(lines.len(), 2, "{log}");
    let (timestamp, event) = lines[0].split_once(',').unwrap();
    assert_eq!(
        event,
        r#""level":"DEBUG","message":"sent","me":1,"label":"change 5@1","target":"atoll::messages"}"#
    );
    let digits: String =
        timestamp.chars().map(|each| if each.is_ascii_digit() { '0' } else { each }).collect();
    assert_eq!(digits, r#"{"timestamp":"0000-00-00T00:00:00.000000Z""#);
    assert!(lines[1].contains(r#""message":"serving""#), "{log}");
}

#[test]
fn the_last_error_is_written_as_the_log_is() {
    if let Some(format) = std::env::var_os("END_OF_A_TEST") {
        let format = if format == "json" { LogFormat::Json } else { LogFormat::Human };
        let _ = serve::failed(format, &"the disk is full");
        return;
    }
    let told = |format: &str| {
        let mut itself = Command::new(std::env::current_exe().unwrap());
        let test = "the_last_error_is_written_as_the_log_is";
        let run =
            itself.args([test, "--exact", "--nocapture"]).env("END_OF_A_TEST", format).output().unwrap();
        String::from_utf8(run.stderr).unwrap()
    };
    let json = told("json");
    let line = json.lines().find(|line| line.starts_with('{')).unwrap();
    assert!(line.contains(r#""level":"ERROR","message":"the disk is full""#), "{json}");
    assert!(told("human").contains("error: the disk is full\n"));
}
