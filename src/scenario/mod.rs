//! Scenario files: their shape, their mistakes, and the plan they become.

mod plan;

pub use plan::{
    ClientPlan, ExpectedResult, NetAct, Plan, PlannedAdmin, PlannedChange, PlannedFault, Watch,
    Watched,
};
