//! One of the threads itself: it puts a stack together, and turns asks into tasks.

use std::{cell::RefCell, collections::HashMap, net::UdpSocket, pin::pin, rc::Rc};

use async_io::Async;
use embassy_futures::select::{Either, Either4, select, select4};
use rs_matter::{
    Matter,
    dm::{
        EmptyHandler, Node,
        clusters::net_comm::NetworkType,
        devices::test::{TEST_DEV_ATT, TEST_DEV_COMM, TEST_DEV_DET},
        networks::{eth::EthNetwork, wireless::NoopWirelessNetCtl},
    },
    error::Error,
    im::{EthInteractionModelState, InteractionModel},
    persist::DummyKvBlobStore,
    respond::DefaultResponder,
    transport::{exchange::MatterBuffers, network::NoNetwork},
};
use tokio::sync::{Notify, mpsc};

use super::{
    Ask, NodeId, Told, commission,
    crew::{Alive, Gear},
    follow,
    inbox::Inboxes,
    stack::Stack,
    talk,
    tasks::Tasks,
};

/// The stack is large and lies partly on this thread's own; untouched pages of it cost nothing.
pub(super) const STACK_SIZE: usize = 8 << 20;

/// How many reports are taken in at once, and how many exchanges beyond them are told to wait.
const RESPONDERS: usize = 8;
const BUSY_RESPONDERS: usize = 2;

/// Buffers for messages of those responders.
const BUFFERS: usize = 10;

/// Starts it. It ends when nobody can ask any more, or by itself; either way it is no longer alive.
pub(super) fn start(gear: Gear, asks: mpsc::Receiver<Ask>, alive: Alive) -> std::io::Result<()> {
    let stack_size = gear.stack_size;
    let run = move || {
        // A panic unwinds to the end of this thread, too.
        let _alive = alive;
        if let Err(error) = async_io::block_on(run(&gear, asks)) {
            tracing::warn!(%error, "a Matter stack ended");
        }
    };
    std::thread::Builder::new().name("matter".into()).stack_size(stack_size).spawn(run).map(drop)
}

async fn run(gear: &Gear, asks: mpsc::Receiver<Ask>) -> Result<(), Error> {
    // An ephemeral port: nodes answer to where they were spoken to from.
    let socket = Async::<UdpSocket>::bind(std::net::SocketAddr::from((std::net::Ipv6Addr::UNSPECIFIED, 0)))?;
    let matter = Box::new(Matter::new(&TEST_DEV_DET, TEST_DEV_COMM, &TEST_DEV_ATT, 0));
    let matter: &Matter<'_> = &matter;
    let crypto = super::crypto();
    let inboxes = Inboxes::default();
    let stack = Stack::new(matter, &crypto, gear, &inboxes)?;

    let store = matter.kv(DummyKvBlobStore);
    let buffers = Box::new(MatterBuffers::<BUFFERS>::new());
    let state = Box::new(EthInteractionModelState::<1, 0>::new(EthNetwork::new_default()));
    let network = NoopWirelessNetCtl::new(NetworkType::Ethernet);
    let nothing = (Node::new(&[]), EmptyHandler);
    let model =
        InteractionModel::new_with_reports(matter, &crypto, &*buffers, nothing, &store, network, &inboxes, &*state);
    model.startup().await?;
    let responder = DefaultResponder::new(&model);

    let tasks = Tasks::default();
    let mut responds = pin!(responder.run::<RESPONDERS, BUSY_RESPONDERS>());
    let mut transports = pin!(matter.run(&crypto, &socket, &socket, NoNetwork));
    let mut lookups = pin!(stack.answer_lookups());
    let mut running = pin!(tasks.run());
    let mut serves = pin!(serve(&stack, &tasks, asks));
    let background = select4(&mut transports, &mut responds, &mut lookups, &mut running);
    match select(&mut serves, background).await {
        Either::Second(Either4::First(ended) | Either4::Second(ended)) => ended,
        Either::First(()) | Either::Second(_) => Ok(()),
    }
}

/// Turns asks into tasks until nobody can ask any more.
async fn serve<'s>(stack: &'s Stack<'s>, tasks: &Tasks<'s>, mut asks: mpsc::Receiver<Ask>) {
    stack.tell(Told::Ready { compressed_fabric: stack.compressed_fabric() }).await;
    let followed: RefCell<HashMap<NodeId, Rc<Notify>>> = RefCell::default();
    while let Some(ask) = asks.recv().await {
        match ask {
            Ask::Follow(node, last_event) => {
                let stop = Rc::new(Notify::new());
                if let Some(before) = followed.borrow_mut().insert(node, Rc::clone(&stop)) {
                    before.notify_one();
                }
                tasks.spawn(async move {
                    let _ = select(follow::follow(stack, node, last_event), stop.notified()).await;
                });
            }
            Ask::Unfollow(node) => {
                if let Some(stop) = followed.borrow_mut().remove(&node) {
                    stop.notify_one();
                }
                stack.forget(node);
            }
            Ask::Seen(node, sighting) => stack.note(node, sighting),
            Ask::Unseen(node) => stack.note_gone(node),
            Ask::Wanted(node) => stack.note_wanted(node),
            // Answers may come when nobody waits any more. What changes nothing is carried to its end all the same, as
            // dropping an exchange closes the node's session.
            Ask::Carry(node, requests, mut answer) => tasks.spawn(async move {
                let carried = stack.carry(node, &requests, &mut answer).await;
                let _ = answer.send(carried);
            }),
            Ask::Invoke(node, invocation, mut answer) => tasks.spawn(async move {
                let invoked = stack.invoke(node, &invocation, &mut answer).await;
                let _ = answer.send(invoked);
            }),
            Ask::Read(node, which, answer) => tasks.spawn(async move {
                let read = async { talk::read(stack.open(node).await?, which).await };
                let _ = answer.send(read.await);
            }),
            Ask::Commission(order, answer) => tasks.spawn(async move {
                let _ = answer.send(commission::commission(stack, &order).await);
            }),
            Ask::Complete(node, answer) => tasks.spawn(async move {
                let _ = answer.send(commission::complete(stack, node).await);
            }),
            #[cfg(test)]
            Ask::Panic(_) => panic!("a test asked for it"),
        }
    }
}
