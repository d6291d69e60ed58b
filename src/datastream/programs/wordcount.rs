//! The tutorial's first job: Flink's own WordCount over its own lines.

use crate::datastream::StreamExecutionEnvironment;
use crate::graph::StreamGraph;

/// Hamlet's lines, as Flink's example has them.
pub const LINES: [&str; 35] = [
    "To be, or not to be,--that is the question:--",
    "Whether 'tis nobler in the mind to suffer",
    "The slings and arrows of outrageous fortune",
    "Or to take arms against a sea of troubles,",
    "And by opposing end them?--To die,--to sleep,--",
    "No more; and by a sleep to say we end",
    "The heartache, and the thousand natural shocks",
    "That flesh is heir to,--'tis a consummation",
    "Devoutly to be wish'd. To die,--to sleep;--",
    "To sleep! perchance to dream:--ay, there's the rub;",
    "For in that sleep of death what dreams may come,",
    "When we have shuffled off this mortal coil,",
    "Must give us pause: there's the respect",
    "That makes calamity of so long life;",
    "For who would bear the whips and scorns of time,",
    "The oppressor's wrong, the proud man's contumely,",
    "The pangs of despis'd love, the law's delay,",
    "The insolence of office, and the spurns",
    "That patient merit of the unworthy takes,",
    "When he himself might his quietus make",
    "With a bare bodkin? who would these fardels bear,",
    "To grunt and sweat under a weary life,",
    "But that the dread of something after death,--",
    "The undiscover'd country, from whose bourn",
    "No traveller returns,--puzzles the will,",
    "And makes us rather bear those ills we have",
    "Than fly to others that we know not of?",
    "Thus conscience does make cowards of us all;",
    "And thus the native hue of resolution",
    "Is sicklied o'er with the pale cast of thought;",
    "And enterprises of great pith and moment,",
    "With this regard, their currents turn awry,",
    "And lose the name of action.--Soft you now!",
    "The fair Ophelia!--Nymph, in thy orisons",
    "Be all my sins remember'd.",
];

/// WordCount as a job.
pub fn program(parallelism: u32) -> StreamGraph {
    let env = StreamExecutionEnvironment::new();
    env.set_parallelism(parallelism);
    let lines = LINES.map(str::to_owned).to_vec();
    let _ = env
        .from_collection(lines)
        .name("in-memory-input")
        .columns(&["line"])
        .flat_map(words)
        .name("tokenizer")
        .columns(&["word", "count"])
        .key_column(0)
        .key_by(|(word, _)| word.clone())
        .reduce(|before, one| (before.0, before.1.wrapping_add(one.1)))
        .name("counter")
        .columns(&["word", "count"])
        .key_column(0)
        .print()
        .name("print-sink");
    env.execute("WordCount")
}

/// The words of a line in small letters, cut at what is neither letter, digit nor underscore.
fn words(line: String) -> Vec<(String, i32)> {
    let line = line.to_lowercase();
    let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| !word.is_empty()).map(|word| (word.to_owned(), 1)).collect()
}
