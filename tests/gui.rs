//! The window, driven by its labels as a person would, and pictures of its main screens.
//!
//! Nothing here waits for a clock: the lab is stepped by hand. `UPDATE_SNAPSHOTS=1 cargo test --test
//! gui` writes the pictures anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![cfg(feature = "gui")]

#[path = "gui/soft_renderer.rs"]
mod soft_renderer;
#[path = "gui/stepped_lab.rs"]
mod stepped_lab;

use std::path::PathBuf;

use egui::accesskit::Role;
use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, SnapshotResults};
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use riacho::base::LabDuration;
use riacho::gui::app::LabApp;
use riacho::gui::link::LabPort as _;
use riacho::gui::settings::{Ground, Settings, Store};
use riacho::runtime::api::{Command, PartsOptions};
use soft_renderer::SoftRenderer;
use stepped_lab::SteppedLab;

const WIDE: egui::Vec2 = vec2(1440.0, 900.0);

/// A window and the lab behind it.
struct Window {
    harness: Harness<'static, LabApp>,
    lab: SteppedLab,
}

impl Window {
    fn open(size: egui::Vec2, settings: Settings) -> Self {
        Self::open_in(None, size, settings)
    }

    fn open_in(workspace: Option<PathBuf>, size: egui::Vec2, settings: Settings) -> Self {
        let lab = SteppedLab::new(workspace.clone());
        let port = lab.clone();
        let harness = Harness::builder()
            .with_size(size)
            .with_theme(match settings.ground {
                Ground::Dark => egui::Theme::Dark,
                Ground::Light => egui::Theme::Light,
            })
            .renderer(SoftRenderer::default())
            .build_eframe(move |cc| {
                LabApp::new(&cc.egui_ctx, Box::new(port), Store::in_memory(), settings)
                    .in_workspace(workspace)
            });
        let mut window = Self { harness, lab };
        window.settle();
        window
    }

    fn dark() -> Self {
        Self::open(WIDE, Settings::default())
    }

    /// Draws frames: never "until nothing moves", as records may be on their way.
    fn settle(&mut self) {
        self.harness.run_steps(6);
    }

    fn press(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.settle();
    }

    /// Opens a subtask's page.
    fn select(&mut self, subtask: &str) {
        self.press("Tarefa");
        let all = self.harness.query_all_by_label(subtask);
        all.last().expect("the subtask is in the list").click();
        self.settle();
    }

    fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// Lets lab time go on and draws what came of it.
    fn go(&mut self, millis: i64) {
        self.lab.go(LabDuration::millis(millis));
        self.settle();
    }

    fn shows(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    fn tells(&self, of: &str) -> bool {
        self.harness.query_all_by_label_contains(of).next().is_some()
    }

    fn picture(&mut self, name: &str) {
        self.harness.remove_cursor();
        self.settle();
        self.harness.snapshot(name);
    }

    fn finish(mut self, results: &mut SnapshotResults) {
        results.extend(self.harness.take_snapshot_results());
    }
}

fn light() -> Settings {
    Settings { ground: Ground::Light, ..Settings::default() }
}

fn sql(text: &str) -> Settings {
    Settings { editor: text.to_owned(), ..Settings::default() }
}

const NAMES: &str = "-- quantas vezes cada nome aparece
SELECT name, COUNT(*) AS cnt
FROM (VALUES ('Bob'), ('Alice'), ('Greg'), ('Bob')) AS NameTable(name)
GROUP BY name;
";

const WRONG: &str = "-- a coluna tem outro nome
SELECT nome, COUNT(*) AS cnt
FROM (VALUES ('Bob'), ('Alice')) AS NameTable(name)
GROUP BY name;
";

#[test]
fn the_scoreboard_runs_pauses_and_steps() {
    let mut window = Window::dark();
    window.press("Rodar");
    window.go(1_500);
    assert!(window.lab.playing());
    window.press("Pausar");
    assert!(!window.lab.playing());
    let before = window.harness.state().link().model().next;
    window.go(1_000);
    assert_eq!(window.harness.state().link().model().next, before, "a paused lab stands still");
    window.press("Avançar um registro");
    assert!(window.harness.state().link().model().next > before, "a step moves one record");
    window.press("Voltar um registro");
    assert!(window.shows("revendo"));
    window.press("Ir ao vivo");
    window.press("Continuar");
    window.go(60_000);
    assert!(window.shows("FINISHED"));
}

#[test]
fn the_board_shows_the_tie() {
    let mut window = Window::dark();
    window.press("Rodar");
    window.go(60_000);
    window.press("Placar ao vivo");
    assert!(window.shows("Aluno a: 14 pontos") && window.shows("Aluno b: 14 pontos"));
    window.picture("board-dark");
    window.key(Modifiers::NONE, Key::Escape);
    assert!(window.shows("Voltar um registro"), "Escape leads back to the lab");
}

#[test]
fn the_language_changes_at_once() {
    let mut window = Window::dark();
    window.press("en");
    assert!(window.shows("Run") && !window.shows("Rodar"));
    window.press("pt");
    assert!(window.shows("Rodar"));
}

#[test]
fn a_query_answers_with_a_changelog_and_its_table() {
    let mut window = Window::open(WIDE, sql(NAMES));
    window.press("SQL");
    window.press("Rodar");
    window.go(60_000);
    assert!(window.shows("−U") && window.shows("+U"));
    assert!(window.shows("Dobrado em tabela") && window.shows("5 mudanças, 3 linhas"));
    window.picture("sql-dark");
    window.press("Tabela");
    assert!(window.shows("Alice") && window.shows("Bob") && window.shows("Greg"));
    assert!(!window.shows("Dobrado em tabela"));
}

#[test]
fn a_job_that_failed_says_why_where_its_rows_would_stand() {
    let text = "SELECT CAST(x AS INT) AS n FROM (VALUES ('um')) AS t(x);\n";
    let mut window = Window::open(WIDE, sql(text));
    window.press("SQL");
    window.press("Rodar");
    assert!(window.shows("Ainda nenhuma linha. A página Por quê? diz o que falta."));
    window.go(60_000);
    assert!(window.shows("FAILED") && window.shows("Nenhuma linha."));
    assert!(window.tells("TRY_CAST"), "it says why");
}

#[test]
fn a_script_is_walked_through_by_one_key() {
    let text = "SET 'parallelism.default' = '1';\nUSE default_database;\nSELECT nome FROM t;\n";
    let mut window = Window::open(WIDE, sql(text));
    window.press("SQL");
    window.press("Rodar");
    assert!(!window.shows("1 erro"));
    window.key(Modifiers::COMMAND, Key::Enter);
    assert!(!window.shows("1 erro"));
    window.key(Modifiers::COMMAND, Key::Enter);
    assert!(window.shows("1 erro"), "each press runs the statement after the last");
}

#[test]
fn a_script_reads_what_it_has_written() {
    let folder = tempfile::tempdir().unwrap();
    let table = "WITH ('connector' = 'filesystem', 'format' = 'csv', 'path' = '/words')";
    let text = format!(
        "CREATE TABLE words (word STRING) {table};\nINSERT INTO words VALUES ('brook'), ('stone');\n\
         SELECT word FROM words;\n"
    );
    let mut window = Window::open_in(Some(folder.path().to_owned()), WIDE, sql(&text));
    window.press("SQL");
    window.key(Modifiers::NONE, Key::F5);
    window.go(60_000);
    // The INSERT has ended, and the query begins.
    window.go(60_000);
    assert!(window.shows("brook") && window.shows("stone"));
}

#[test]
fn a_job_that_found_nothing_says_so() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("words")).unwrap();
    let table = "WITH ('connector' = 'filesystem', 'format' = 'csv', 'path' = '/words')";
    let text = format!("CREATE TABLE words (word STRING) {table};\nSELECT word FROM words;\n");
    let mut window = Window::open_in(Some(folder.path().to_owned()), WIDE, sql(&text));
    window.press("SQL");
    window.key(Modifiers::NONE, Key::F5);
    window.go(60_000);
    window.press("Por quê?");
    assert!(window.shows("Por que não há saída?") && !window.shows("Há saída"));
    assert!(
        window.tells("source.monitor-interval"),
        "the page tells of a folder that is read once"
    );
}

const GENERATED: &str = "CREATE TABLE g (id INT) WITH ('connector' = 'datagen', \
                         'rows-per-second' = '5');\n";

#[test]
fn part_files_are_seen_to_wait_for_a_checkpoint_and_to_appear() {
    let folder = tempfile::tempdir().unwrap();
    let table = "WITH ('connector' = 'filesystem', 'format' = 'csv', 'path' = '/out')";
    let text = format!(
        "SET 'execution.checkpointing.interval' = '10 s';\n{GENERATED}\
         CREATE TABLE f (id INT) {table};\nINSERT INTO f SELECT id FROM g;\n"
    );
    let mut window = Window::open_in(Some(folder.path().to_owned()), WIDE, sql(&text));
    window.press("SQL");
    window.key(Modifiers::NONE, Key::F5);
    window.go(4_000);
    window.press("Por quê?");
    assert!(window.shows("Por que não há saída?"));
    let why = window.harness.query_by_label_contains("linhas em arquivos ocultos");
    assert!(why.is_some(), "the page tells of hidden files");
    window.go(8_000);
    assert!(window.shows("Há saída"), "the checkpoint showed them");
    window.select("g[1] · sub. 0 RUNNING");
    assert!(window.shows("part-…-0-0: pronto · 50 linhas"));
    assert!(window.harness.query_by_label_contains("part-…-0-1: em andamento").is_some());
}

#[test]
fn the_pace_of_a_generator_is_plotted_by_the_second() {
    let mut window = Window::open(WIDE, sql(&format!("{GENERATED}SELECT id FROM g;\n")));
    window.press("SQL");
    window.key(Modifiers::NONE, Key::F5);
    window.go(6_000);
    window.select("g[1] · sub. 0 RUNNING");
    assert!(window.shows("Passo: 5 linhas no último segundo"));
}

#[test]
fn a_function_is_found_by_what_it_does_and_put_into_the_editor() {
    let mut window = Window::open(WIDE, sql(""));
    window.press("Catálogo");
    window.press("Funções");
    window.harness.get_by_label("Procurar uma função").focus();
    window.settle();
    window.harness.get_by_label("Procurar uma função").type_text("maiusculas");
    window.settle();
    assert!(window.shows("UPPER(text)") && !window.shows("LOWER(text)"));
    window.press("Pôr UPPER no editor");
    let text = window.harness.get_by_label("Editor de SQL").value().unwrap();
    assert_eq!(text, "UPPER(");
}

#[test]
fn an_error_stands_under_its_line_and_repairs_itself() {
    let mut window = Window::open(WIDE, sql(WRONG));
    window.press("SQL");
    window.press("Rodar");
    window.picture("sql-error-dark");
    assert!(window.shows("1 erro"));
    window.press("Trocar");
    assert!(!window.shows("1 erro"));
    let text = window.harness.get_by_label("Editor de SQL").value().unwrap();
    assert!(text.contains("SELECT name") && !text.contains("nome,"), "{text}");
}

#[test]
fn a_refusal_is_answered_in_the_other_mode() {
    let text = "SELECT n FROM (VALUES (2), (1)) AS t(n) ORDER BY n;\n";
    let mut window = Window::open(WIDE, sql(text));
    window.press("SQL");
    window.press("Rodar");
    assert!(window.shows("1 erro"));
    window.press("Usar o modo batch");
    let text = window.harness.get_by_label("Editor de SQL").value().unwrap();
    assert!(text.starts_with("SET 'execution.runtime-mode' = 'batch';\nSELECT n"), "{text}");
    window.press("Rodar");
    window.go(5_000);
    assert!(!window.shows("1 erro") && window.shows("FINISHED"));
}

#[test]
fn what_seems_wrong_is_said_before_it_is_run() {
    let text = "SELECT nome FROM (VALUES ('Bob')) AS t(name);\n";
    let mut window = Window::open(WIDE, sql(text));
    window.press("SQL");
    window.harness.get_by_label("Editor de SQL").focus();
    window.settle();
    window.harness.get_by_label("Editor de SQL").type_text(" ");
    window.harness.run_steps(60);
    let hint = |window: &Window| window.harness.query_by_label_contains("nome").is_some();
    assert!(hint(&window), "the hint names the column");
    assert!(!window.shows("1 erro"), "nothing was run");
    window.press("Rodar");
    assert!(window.shows("1 erro"));
}

#[test]
fn completion_offers_what_fits_and_tab_accepts_it() {
    let mut window = Window::open(WIDE, sql(""));
    window.press("SQL");
    window.harness.get_by_label("Editor de SQL").focus();
    window.settle();
    window.harness.get_by_label("Editor de SQL").type_text("SELECT TUM");
    window.settle();
    assert!(window.shows("TUMBLE") && window.shows("TUMBLE_START"));
    window.picture("completion-dark");
    window.key(Modifiers::NONE, Key::Tab);
    let text = window.harness.get_by_label("Editor de SQL").value().unwrap();
    assert_eq!(text, "SELECT TUMBLE");
    assert!(!window.shows("TUMBLE_START"), "the popup is gone");
}

#[test]
fn the_page_of_shortcuts_opens_and_holds_the_motion() {
    let mut window = Window::dark();
    window.key(Modifiers::NONE, Key::F1);
    assert!(window.shows("Atalhos") && window.shows("Ctrl+Enter"));
    window.press("Reduzir movimento: registros saltam em vez de deslizar");
    window.press("Fechar ajuda");
    assert!(!window.shows("Atalhos"));
}

#[test]
fn a_job_is_listed_and_can_be_canceled() {
    let mut window = Window::dark();
    window.press("Rodar");
    window.go(1_000);
    window.press("Jobs");
    window.press("Cancelar");
    window.go(1_000);
    assert!(window.shows("CANCELED") && !window.shows("Cancelar"));
}

#[test]
fn a_catalog_that_is_kept_is_there_again() {
    let text = "CREATE TABLE alunos (nome STRING) WITH ('connector' = 'datagen');\n";
    let mut window = Window::open(WIDE, sql(text));
    window.press("SQL");
    window.press("Rodar");
    window.press("Catálogo");
    window.press("Guardar o catálogo quando o Riacho fechar");
    let kept = window.harness.state().settings().catalog.clone().expect("it is kept");
    assert!(kept.iter().any(|statement| statement.contains("`alunos`")), "{kept:?}");
    let mut next = Window::open(WIDE, Settings { catalog: Some(kept), ..Settings::default() });
    next.press("Catálogo");
    assert!(next.shows("alunos  ·  datagen"));
    assert!(next.harness.state().settings().catalog.is_some());
}

#[test]
fn the_files_page_shows_what_is_in_the_workspace() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("part-0-0"), "1,Bob\n2,Alice\n").unwrap();
    let mut window = Window::open_in(Some(folder.path().to_owned()), WIDE, Settings::default());
    window.press("Arquivos");
    window.harness.get_by_label_contains("part-0-0").click();
    window.settle();
    assert!(window.shows("1,Bob") && window.shows("2,Alice"));
}

#[test]
fn people_come_into_a_folder_by_the_lab_clock() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Window::open_in(Some(folder.path().to_owned()), WIDE, Settings::default());
    window.press("Arquivos");
    let request = PartsOptions { files: 2, ..PartsOptions::tutorial("/people", "pt-BR") };
    let mut lab = window.lab.clone();
    window.press("Gerar pessoas");
    window.go(1_000);
    assert!(window.shows("Parar") && window.shows("1 de 15 arquivos, em /home/admin123/people"));
    window.go(25_000);
    assert!(window.shows("3 de 15 arquivos, em /home/admin123/people"));

    window.press("Parar");
    window.go(100_000);
    assert!(window.shows("Gerar pessoas"));
    let people = std::fs::read_dir(folder.path().join("home/admin123/people")).unwrap();
    assert_eq!(people.count(), 3);
    lab.send(Command::BringParts(request));
    window.go(100_000);
    assert_eq!(std::fs::read_dir(folder.path().join("people")).unwrap().count(), 2);
}

#[test]
fn a_table_is_pasted_with_the_keyboard() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Window::open_in(Some(folder.path().to_owned()), WIDE, Settings::default());
    window.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::T);
    assert!(window.shows("Uma tabela a partir da área de transferência"));
    window.harness.event(egui::Event::Paste("id;nome\n1;Ana\n2;Caio\n".to_owned()));
    window.settle();
    window.press("Criar a tabela");
    let file = std::fs::read_to_string(folder.path().join("colada.csv")).unwrap();
    assert_eq!(file, "1;Ana\n2;Caio\n");
    // The statement is in the editor, selected.
    window.key(Modifiers::COMMAND, Key::Enter);
    window.go(0);
    let answer = window.harness.state().link().answers.back().unwrap().clone();
    assert!(answer.text.starts_with("CREATE TABLE `colada`"), "{answer:?}");
    assert!(answer.outcome.is_ok(), "{answer:?}");
}

#[test]
fn a_lesson_puts_its_sql_into_the_editor_and_the_old_text_into_the_history() {
    let lesson = "12-agregar-e-ordenar".to_owned();
    let mut window = Window::open(WIDE, Settings { lesson, ..sql("SELECT 'meu';") });
    window.press("Usar o SQL da lição");
    let text = window.harness.get_by_label("Editor de SQL").value().unwrap();
    assert!(text.contains("GROUP BY job"), "{text}");
    assert_eq!(window.harness.state().settings().history, ["SELECT 'meu';"]);
}

#[test]
fn a_prediction_is_made_and_judged() {
    let mut window = Window::dark();
    window.press("subtarefa 1");
    let mut commits = window.harness.get_all_by_role_and_label(Role::Button, "Prever");
    commits.next().unwrap().click();
    drop(commits);
    window.settle();
    assert!(window.shows("certo"));
}

#[test]
fn the_main_screens_in_both_themes() {
    let mut results = SnapshotResults::new();
    for (settings, name) in [(Settings::default(), "lab-dark"), (light(), "lab-light")] {
        let mut window = Window::open(WIDE, settings);
        window.press("Rodar");
        window.go(2_600);
        window.press("Pausar");
        window.picture(name);
        window.finish(&mut results);
    }
}

#[test]
fn a_small_window_is_usable() {
    let mut window = Window::open(vec2(1024.0, 600.0), light());
    window.press("Rodar");
    window.go(2_600);
    window.press("Pausar");
    window.picture("lab-1024-light");
}

#[test]
fn a_small_window_opens_the_inspector_on_what_is_chosen() {
    let mut window = Window::open(vec2(1024.0, 900.0), sql(NAMES));
    window.press("SQL");
    window.press("Rodar");
    window.go(60_000);
    assert!(!window.tells("Passaporte"));
    window.press("changelog 2");
    assert!(window.tells("Passaporte"), "the record of the row is shown");
    window.press("Soltar");
    assert!(!window.tells("Passaporte"), "nothing is chosen any more");
}

#[test]
fn a_subtask_is_shown_on_the_page_that_tells_of_it() {
    let mut window = Window::open(WIDE, sql(NAMES));
    window.press("SQL");
    window.press("Rodar");
    window.go(60_000);
    window.press("Estado");
    window.press("GroupAggregate[3] · sub. 0 FINISHED");
    assert!(window.tells("Onde moram as chaves"), "its state is looked at");
    window.press("Values[1] · sub. 0 FINISHED");
    assert!(window.shows("tentativa: 1"), "it has none: its task is shown");
}

#[test]
fn a_still_window_asks_for_no_frame() {
    let mut window = Window::dark();
    window.press("Pausar");
    window.harness.run_steps(120);
    let delay = window.harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert!(delay > std::time::Duration::from_secs(1), "{delay:?}");
}

/// What a person can press now, by its label.
fn pressable(window: &Window) -> Vec<String> {
    let roles = [Role::Button, Role::Tab, Role::RadioButton, Role::CheckBox];
    let all = roles.into_iter().flat_map(|role| window.harness.query_all_by_role(role));
    all.filter_map(|node| node.accesskit_node().label()).collect()
}

/// `MONKEYS=500 cargo test --test gui whatever` tries more.
#[test]
fn whatever_a_person_presses_the_window_goes_on() {
    const KEYS: [Key; 10] = [
        Key::F1,
        Key::F5,
        Key::F11,
        Key::Space,
        Key::Tab,
        Key::Escape,
        Key::Enter,
        Key::ArrowDown,
        Key::ArrowLeft,
        Key::T,
    ];
    let held = [Modifiers::NONE, Modifiers::COMMAND, Modifiers::COMMAND | Modifiers::SHIFT];
    let lessons = ["06-o-placar", "11-filesystem", "13-por-que-nao-anda", "14-datagen"];
    let seeds = std::env::var("MONKEYS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(4);
    for seed in 0..seeds {
        let mut random = SmallRng::seed_from_u64(seed);
        let folder = tempfile::tempdir().unwrap();
        let size = if seed % 2 == 0 { WIDE } else { vec2(1024.0, 600.0) };
        let lesson = lessons[seed as usize % lessons.len()].to_owned();
        let settings = Settings { lesson, ..Settings::default() };
        let mut window = Window::open_in(Some(folder.path().to_owned()), size, settings);
        for _ in 0..100 {
            match random.random_range(0..10) {
                0..6 => {
                    let labels = pressable(&window);
                    let label = labels.choose(&mut random).expect("there is always a button");
                    window.harness.query_all_by_label(label).next().expect("it is there").click();
                    window.settle();
                }
                6 => {
                    let modifiers = held.choose(&mut random).copied().unwrap_or_default();
                    window.key(modifiers, *KEYS.choose(&mut random).unwrap());
                }
                7 => {
                    window.harness.event(egui::Event::Paste("id;nome\n1;Ana\n".to_owned()));
                    window.settle();
                }
                _ => window.go(*[1, 100, 1_000, 20_000].choose(&mut random).unwrap()),
            }
        }
    }
}
