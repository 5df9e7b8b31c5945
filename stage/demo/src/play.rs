//! Plays a script on the demo.

use std::time::Duration;

use tokio::time::sleep;

use crate::demo::Demo;
use crate::event::{Caption, What};
use crate::player::{Failed, Moment, Player, Step};
use crate::script::Script;

/// How often it is looked whether something has come about.
const GLANCE: Duration = Duration::from_millis(20);

/// The audience of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// People at the page, who say when to continue.
    Page,
    /// A terminal: each line is printed, and nobody is waited for.
    Terminal,
    /// Nobody: no captions.
    Nobody,
}

/// Why a script did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfinished {
    /// A line of it failed.
    #[error(transparent)]
    Failed(#[from] Failed),
    /// Somebody has ended it.
    #[error("the script was ended from elsewhere: by stop, by stage, or by a scenario")]
    Ended,
}

/// Plays a script to its end.
///
/// # Errors
/// The line that failed.
pub async fn play(demo: &Demo, script: Script, audience: Audience) -> Result<(), Failed> {
    let mut player = Player::new(script, audience == Audience::Page);
    let played = steps(demo, &mut player, audience).await;
    if audience != Audience::Nobody {
        let failed = |failed: &Failed| Caption { failed: Some(failed.to_string()), ..player.caption() };
        demo.feed().tell(What::Caption(played.as_ref().err().map(failed).unwrap_or_default()));
    }
    played
}

async fn steps(demo: &Demo, player: &mut Player, audience: Audience) -> Result<(), Failed> {
    let mut printed = 0;
    loop {
        if audience == Audience::Terminal
            && let Some(line) = player.line().filter(|line| line.number > printed)
        {
            println!("{:4}  {}", line.number, line.command);
            printed = line.number;
        }
        // Before the state: what is in the state was seen then, or later.
        let (looked, state) = (demo.looked(), demo.feed().state());
        match player.step(Moment { now: demo.feed().now(), looked, state: &state })? {
            Step::Do(line) => {
                let done = demo.carry_out(line.command.clone()).await;
                let answer = done.map_err(|refused| Failed::new(&line, refused.to_string()))?;
                if audience == Audience::Terminal {
                    println!("      {answer}");
                }
            }
            Step::Tell(caption) => demo.feed().tell(What::Caption(caption)),
            Step::Hold(caption) => {
                let next = demo.next();
                tokio::pin!(next);
                // Heard from now on: whoever sees the hold may say `next` at once.
                next.as_mut().enable();
                demo.feed().tell(What::Caption(caption));
                next.await;
                demo.feed().tell(What::Caption(player.go_on()));
            }
            Step::Wait => sleep(GLANCE).await,
            Step::Done => return Ok(()),
        }
    }
}
