//! What is drawn is a scenario, has everything in it, and can be judged.

use super::*;
use crate::contract::Converged;
use crate::rng::Seed;
use std::collections::BTreeMap;

const PLANS: u64 = 300;

fn ran(n: u64) -> Ran {
    let document = draw(Seed(1), n, &Weights::default());
    judge("drawn.toml", &document, Runner::EVENT)
        .unwrap_or_else(|wrong| panic!("plan {n}: {}\n{document}", wrong.render(false)))
}

#[test]
fn every_drawn_plan_is_a_scenario_and_liveness_is_judged_in_time() {
    let (mut judged, mut late, mut all) = (0, 0, 0);
    let mut failed: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for n in 0..PLANS {
        let ran = ran(n);
        for check in ran.failed_contract() {
            failed.entry(check).or_default().push(n);
        }
        for convergence in &ran.report.liveness {
            all += 1;
            judged += u64::from(convergence.verdict != Converged::NotJudged);
            let due = convergence.calm.map(|calm| calm + convergence.bound);
            late += u64::from(due.is_none_or(|due| due > ran.plan.until));
        }
    }
    eprintln!("{failed:#?} {all} {judged} {late}");
    assert!(judged * 100 >= all * 97, "{judged} of {all} judged");
    assert!(late * 100 <= all * 3, "{late} of {all} could not be judged broken");
}
