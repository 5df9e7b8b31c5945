//! 3.5: three replicas on a network, all of the chapter together.
