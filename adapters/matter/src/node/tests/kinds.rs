//! Every kind of device, as it is found and first read.

use super::dump;
use crate::node::Node;

macro_rules! kinds {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            let said = Node::new(0x10, None).update(dump::reports(stringify!($name)), Vec::new());
            insta::assert_snapshot!(stringify!($name), dump::written(&said));
        }
    )*};
}

kinds! {
    light dimmable color xy warm plug strip climate unknowns contact leak freeze rain occupancy lock thermostat aircon
    covering curtain fan purifier airquality valve pump button latching smoke vacuum washer dryer dishwasher refrigerator
    speaker tv modeselect evse bridge
}
