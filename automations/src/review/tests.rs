mod bench;
mod brute;
mod circles;
mod findings;
mod signals;
mod third;
