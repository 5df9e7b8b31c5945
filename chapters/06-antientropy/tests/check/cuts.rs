//! 6.4: a session that is cut off after any of its messages.

use antientropy::{Limits, Side};
use store::ReplicaId;
use tonic::service::Routes;

use crate::support::cutter::Cutter;
use crate::support::nodes::{Node, pair, settle, tasks};

/// What needs each of the messages: something to repair on each side, something equal.
async fn differ(one: &Node, two: &Node) {
    for (name, ours, theirs) in [
        ("apple", Some("10@1"), Some("10@1")),
        ("cherry", Some("12@1"), Some("11@3")),
        ("fig", Some("11@3 deleted"), Some("13@2")),
        ("lemon", Some("15@1"), None),
        ("plum", None, Some("16@2")),
    ] {
        if let Some(ours) = ours {
            one.hold(name, ours).await;
        }
        if let Some(theirs) = theirs {
            two.hold(name, theirs).await;
        }
    }
}

/// A session of which `messages` of one side pass, and the one after it.
async fn cut_after(side: Side, messages: usize) -> Option<String> {
    let (network, one, two) = pair(Limits::default()).await;
    let cutter = Cutter::between(&network, Routes::new(two.anti_entropy.server())).await;
    // The connections are made, and stay.
    one.anti_entropy.session(ReplicaId(2), true).await.unwrap();
    settle().await;
    let idle = tasks();

    differ(&one, &two).await;
    cutter.cut(side, messages);
    let ended = one.anti_entropy.session(ReplicaId(2), false).await;
    settle().await;
    let lost = cutter.heal()?;
    let left = tasks() - idle;
    let error = ended.map_or_else(|error| format!("{:?}", error.code()), |_| "ended well".into());
    let (one_knows, two_knows) = (one.knows().await, two.knows().await);

    let next = one.anti_entropy.session(ReplicaId(2), false).await.unwrap_or_else(|error| {
        panic!(
            "A session that nobody cut off has failed. The tests of the audit come first: where they pass, your audit is right, and it has found this: {error}"
        )
    });
    settle().await;
    let same = if one.show().await == two.show().await { "the same" } else { "not the same" };
    let (pushed, pulled) = (next.pushed, next.pulled);
    Some(format!(
        "{lost:<23} {error:<11} {left:<5} {one_knows:<9} {two_knows:<9} {pushed}, {pulled}  {same}\n"
    ))
}

/// What stands above the lines.
const HEAD: &str = "\
lost                    ended with  tasks replica 1 replica 2 next: then
                                    left  knows     knows     push, both
                                                              pull  hold
";

#[tokio::test(start_paused = true)]
async fn ex_6_4_cut_after_every_message_of_the_initiator() {
    check::promise(
        "Whichever message of the initiator is lost, no task is left, nobody learns what it does not have, and the next session repairs the rest.",
    );
    let mut story = String::from(HEAD);
    for messages in 0..100 {
        let Some(line) = cut_after(Side::Initiator, messages).await else { break };
        story += &line;
    }
    check::snapshot!("cut_initiator", story);
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_cut_after_every_message_of_the_remote() {
    check::promise(
        "Whichever message of the remote is lost, no task is left, nobody learns what it does not have, and the next session repairs the rest.",
    );
    let mut story = String::from(HEAD);
    for messages in 0..100 {
        let Some(line) = cut_after(Side::Remote, messages).await else { break };
        story += &line;
    }
    check::snapshot!("cut_remote", story);
}
