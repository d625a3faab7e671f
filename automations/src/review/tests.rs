mod bench;
mod brute;
mod findings;
