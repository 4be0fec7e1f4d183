//! What befalls hosts: the plan's faults, as lives and running hosts take them.

use super::host::{Host, Order, Tiding};
use super::world::{SERVER, World};
use crate::net::{Fault, HostFault, PortalAnswer, ResetEnd};
use crate::record::{Blow, ClientId, ConnId, Event, FaultId, HostId, Phase, Way, Who};
use crate::scenario::Plan;
use crate::time::Time;
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// What an engine must know of the plan's acts on hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HostChange {
    /// A machine loses its power.
    PowerLost(usize),
    /// It has power again.
    PowerBack(usize),
}

impl World {
    /// A fault begins; one of no length ends too.
    pub(super) fn begin(&mut self, now: Time, fault: FaultId, changes: &mut Vec<HostChange>) {
        let plan = Arc::clone(&self.plan);
        let planned = &plan.faults[fault.0];
        tracing::info!(fault = planned.words(), "begins");
        self.record(now, Who::Net, Event::FaultBegan(fault));
        self.net.begin(now, fault);
        if let Fault::Reset(clients, end) = &planned.fault {
            self.reset(now, fault, clients, *end);
        }
        self.befall(now, fault, &plan, changes);
        if planned.is_instant() {
            self.net.end(now, fault);
            self.relent(now, fault, &plan, changes);
        }
    }

    /// A fault ends.
    pub(super) fn end(&mut self, now: Time, fault: FaultId, changes: &mut Vec<HostChange>) {
        let plan = Arc::clone(&self.plan);
        tracing::info!(fault = plan.faults[fault.0].words(), "ends");
        self.record(now, Who::Net, Event::FaultEnded(fault));
        self.net.end(now, fault);
        self.relent(now, fault, &plan, changes);
    }

    /// A flapping link comes or goes.
    pub(super) fn flap(&mut self, now: Time, fault: FaultId, phase: Phase) {
        self.record(now, Who::Net, Event::FaultPhase(fault, phase));
        match phase {
            Phase::Up(_) => self.net.end(now, fault),
            Phase::Down(_) => self.net.begin(now, fault),
        }
    }

    fn befall(&mut self, now: Time, fault: FaultId, plan: &Plan, changes: &mut Vec<HostChange>) {
        let Fault::Hosts(hosts, what) = &plan.faults[fault.0].fault else { return };
        for host in hosts {
            let index = self.place(*host);
            match what {
                HostFault::PowerCut { state } => {
                    if self.lives[index].lose_power(*state) {
                        self.drop_packets_to(index);
                        self.process_dies(now, fault, index, true);
                        changes.push(HostChange::PowerLost(index));
                    }
                }
                HostFault::Killed { state } => {
                    self.lives[index].kill(*state);
                    self.process_dies(now, fault, index, false);
                }
                HostFault::Suspended | HostFault::Dozing => {
                    self.lives[index].stops.push(fault);
                    if self.lives[index].stops.len() == 1 {
                        self.order(index, Order::Stop(fault));
                    }
                }
                HostFault::Offline | HostFault::Handover { told: true } => {
                    self.lives[index].offline += 1;
                    if self.lives[index].offline == 1 {
                        self.order(index, Order::Tell(fault, Tiding::NetworkDown));
                    }
                }
                HostFault::Handover { told: false } => {}
                HostFault::Portal(_) => {
                    self.guests.push(fault);
                    self.tell_portal();
                }
                HostFault::Names(answer) => {
                    self.lives[index].disturb_names(fault, *answer);
                    self.order(index, Order::Names(self.lives[index].names()));
                }
                HostFault::Overload(delay) => {
                    self.lives[index].slow_down(fault, *delay);
                    self.order(index, Order::Slowness(self.lives[index].slowness()));
                }
                HostFault::ClockSet { by_ms } => {
                    self.lives[index].clock_ms = self.lives[index].clock_ms.saturating_add(*by_ms);
                    self.order(index, Order::Tell(fault, Tiding::ClockSet));
                }
            }
        }
    }

    fn relent(&mut self, now: Time, fault: FaultId, plan: &Plan, changes: &mut Vec<HostChange>) {
        let Fault::Hosts(hosts, what) = &plan.faults[fault.0].fault else { return };
        for host in hosts {
            let index = self.place(*host);
            match what {
                HostFault::PowerCut { state: _ } => {
                    if self.lives[index].regain_power() {
                        self.drop_packets_to(index);
                        self.start_again(now, index);
                        changes.push(HostChange::PowerBack(index));
                    }
                }
                HostFault::Killed { state: _ } => {
                    self.lives[index].cease_killing();
                    if self.lives[index].has_process() {
                        self.start_again(now, index);
                    }
                }
                HostFault::Suspended | HostFault::Dozing => {
                    self.lives[index].stops.retain(|by| *by != fault);
                    if self.lives[index].stops.is_empty() {
                        self.order(index, Order::Continue);
                    }
                }
                HostFault::Offline => self.tell_network_up(index, fault),
                HostFault::Handover { told } => {
                    self.moved(*host);
                    if *told {
                        self.tell_network_up(index, fault);
                    }
                }
                HostFault::Portal(_) => {
                    self.guests.retain(|by| *by != fault);
                    self.tell_portal();
                }
                HostFault::Names(_) => {
                    self.lives[index].mend_names(fault);
                    self.order(index, Order::Names(self.lives[index].names()));
                }
                HostFault::Overload(_) => {
                    self.lives[index].speed_up(fault);
                    self.order(index, Order::Slowness(self.lives[index].slowness()));
                }
                HostFault::ClockSet { by_ms: _ } => {}
            }
        }
    }

    fn order(&mut self, index: usize, order: Order) {
        if self.hosts[index].is_some() {
            self.orders[index].push(order);
        }
    }

    /// The process of a host dies, if it has one; with it the machine, or only the process.
    fn process_dies(&mut self, now: Time, fault: FaultId, index: usize, machine: bool) {
        self.orders[index].clear();
        let Some(mut host) = self.hosts[index].take() else { return };
        if host.has_process() {
            self.strike_connections(now, fault, index, &host);
            self.deal(self.host_id(index), (fault, Blow::Killed, now));
            host.note_waiting(now);
            self.take_dealt(index, &mut host);
            if let HostId::Client(_) = self.host_id(index) {
                self.record(now, self.host_id(index).into(), Event::ProcessDied);
            }
        }
        if machine {
            if let Some(saved) = host.into_belongings() {
                self.lives[index].saved = saved;
            }
            return;
        }
        if host.has_process() {
            self.lives[index].saved = host.die(now);
        }
        self.hosts[index] = Some(host);
    }

    fn strike_connections(&mut self, now: Time, fault: FaultId, index: usize, host: &Host) {
        let struck = self.connections_of(index, host);
        for (client, conn) in struck {
            for way in [Way::Up, Way::Down] {
                self.net.strike(now, fault, (client, way), conn);
            }
        }
    }

    /// The connections that a host's process uses, as their clients count them.
    fn connections_of(&self, index: usize, host: &Host) -> Vec<(ClientId, ConnId)> {
        match self.host_id(index) {
            HostId::Client(client) => {
                host.own_connections().into_iter().map(|conn| (client, conn)).collect()
            }
            HostId::Server | HostId::Portal => {
                let peers = host.peers().into_iter();
                peers.filter_map(|(address, port)| self.net.owner(address, port)).collect()
            }
        }
    }

    /// A box on the way resets connections of these clients that an end still uses.
    fn reset(&mut self, now: Time, fault: FaultId, clients: &[ClientId], end: ResetEnd) {
        let (client_too, server_too) = match end {
            ResetEnd::Client => (true, false),
            ResetEnd::Server => (false, true),
            ResetEnd::Both => (true, true),
        };
        let own = clients.iter().map(|client| self.place(HostId::Client(*client)));
        let hosts = own.filter(|_| client_too).chain([SERVER].into_iter().filter(|_| server_too));
        let used = hosts.filter_map(|index| Some((index, self.hosts[index].as_ref()?)));
        let used = used.flat_map(|(index, host)| self.connections_of(index, host));
        let used: BTreeSet<_> = used.filter(|(client, _)| clients.contains(client)).collect();
        let mut flights = Vec::new();
        self.net.reset(now, fault, &Vec::from_iter(used), &mut flights);
        // The portal stands for the network here, as in the recording.
        self.take_notes(now, HostId::Portal);
        for flight in flights {
            let to = self.place(flight.to);
            self.deliver(to, flight.stamp, flight.packet);
        }
    }

    fn start_again(&mut self, now: Time, index: usize) {
        self.hosts[index] = None;
        self.orders[index].clear();
        self.lives[index].start_again(now);
    }

    /// A fault that told a host of no network ends; others may go on.
    fn tell_network_up(&mut self, index: usize, fault: FaultId) {
        self.lives[index].offline -= 1;
        if self.lives[index].offline == 0 {
            self.order(index, Order::Tell(fault, Tiding::NetworkUp));
        }
    }

    /// A host has the address that the network has just given it.
    fn moved(&mut self, host: HostId) {
        let address = self.net.address(host);
        self.order(self.place(host), Order::Move(address));
        self.tell_portal();
    }

    /// Tells the portal who is behind it, and how each is to be answered.
    fn tell_portal(&mut self) {
        let guests = self.portal_guests();
        let index = self.place(HostId::Portal);
        if index < self.hosts.len() {
            self.order(index, Order::Guests(guests));
        }
    }

    /// Everybody who is behind the portal; where there are several faults the last counts.
    pub(super) fn portal_guests(&self) -> BTreeMap<Ipv4Addr, PortalAnswer> {
        let mut guests = BTreeMap::new();
        for fault in &self.guests {
            if let Fault::Hosts(hosts, HostFault::Portal(answer)) = &self.plan.faults[fault.0].fault
            {
                guests.extend(hosts.iter().map(|host| (self.net.address(*host), *answer)));
            }
        }
        guests
    }
}
