mod files;
mod homes;
