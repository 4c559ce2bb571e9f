//! What keys do in the frame itself. Verbs on objects are [`super::action::Action`]s instead.

/// A command of the frame. Its title stands in `locales/` below `command`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Leave konn.
    Quit,
    /// Show the help of where you are.
    Help,
    /// Open the palette.
    Palette,
    /// One step back: close a layer, clear the filter, return to the table before.
    Back,
    /// To the table before, in the history.
    HistoryBack,
    /// To the table after, in the history.
    HistoryForward,
    /// What this session changed.
    History,
    /// The forwards that are open.
    Forwards,
    /// End what is under the cursor.
    Stop,
    /// Start anew what is under the cursor.
    StartAgain,
    /// Draw the whole screen anew.
    Redraw,
    /// Take or leave the mouse.
    Mouse,
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// Half a page up.
    HalfUp,
    /// Half a page down.
    HalfDown,
    /// To the first row.
    Top,
    /// To the last row.
    Bottom,
    /// Columns to the left.
    Left,
    /// Columns to the right.
    Right,
    /// Go down into the row, or accept.
    Enter,
    /// Mark the row.
    Mark,
    /// Mark all rows that the filter takes, or none.
    MarkAll,
    /// Filter the rows.
    Filter,
    /// Sort by the next column.
    SortNext,
    /// Sort by the column before.
    SortPrevious,
    /// Turn the sort around.
    SortReverse,
    /// Wide columns on and off.
    Wide,
    /// Columns of what the rows use on and off.
    Usage,
    /// All labels in a column, or none.
    ShowLabels,
    /// All namespaces, or back to the one before.
    AllNamespaces,
    /// The pane beside the table, open or closed.
    Preview,
    /// Search in a text.
    Search,
    /// To the next match.
    SearchNext,
    /// To the match before.
    SearchPrevious,
    /// Wrap long lines or not.
    Wrap,
    /// Copy the text.
    Copy,
    /// Show managed fields or not.
    ManagedFields,
    /// Fold the lines that belong to the one under the cursor, or unfold them.
    Fold,
    /// Fold all sections, or unfold them.
    FoldAll,
    /// To the next reference.
    LinkNext,
    /// To the reference before.
    LinkPrevious,
    /// Go to the table of the object that is referred to.
    LinkTable,
    /// Explain the field under the cursor.
    Explain,
    /// To the field around this one.
    Parent,
    /// Show a secret's values or hide them.
    Reveal,
    /// Follow what is written, or stay where you are.
    Follow,
    /// Times of lines: none, the server's, how long ago.
    Timestamps,
    /// The run before, both runs, the present one.
    Previous,
    /// More lines around those that the filter takes, or none.
    Context,
    /// Fields of a line: as written, told by the template, one in each line.
    Fields,
    /// Change the template that fields are told by.
    Template,
    /// Names before lines: short, whole, none.
    Names,
    /// The whole screen, or within the frame.
    FullScreen,
    /// Save what is shown to a file.
    Save,
    /// Save all of it to a file.
    SaveAll,
    /// Show it in the pager.
    Pager,
    /// From when on, or how many lines.
    Since,
    /// What the last minute brought.
    Since1m,
    /// What the last five minutes brought.
    Since5m,
    /// What the last quarter of an hour brought.
    Since15m,
    /// What the last hour brought.
    Since1h,
    /// All there is.
    SinceAll,
    /// The shells that are open.
    Shells,
    /// Leave a shell open and return.
    Detach,
    /// Hand the whole terminal to a shell.
    Terminal,
    /// Send the key that konn keeps for itself.
    SendKey,
    /// End a shell.
    End,
    /// Complete what was typed.
    Complete,
    /// Delete the word before the cursor.
    DeleteWord,
    /// Delete the line.
    DeleteLine,
    /// To the beginning of the line.
    LineStart,
    /// To the end of the line.
    LineEnd,
}

/// Every command with its name in keymaps.
pub const COMMANDS: &[(&str, Command)] = &[
    ("quit", Command::Quit),
    ("help", Command::Help),
    ("palette", Command::Palette),
    ("back", Command::Back),
    ("history_back", Command::HistoryBack),
    ("history_forward", Command::HistoryForward),
    ("history", Command::History),
    ("forwards", Command::Forwards),
    ("stop", Command::Stop),
    ("start_again", Command::StartAgain),
    ("redraw", Command::Redraw),
    ("mouse", Command::Mouse),
    ("up", Command::Up),
    ("down", Command::Down),
    ("page_up", Command::PageUp),
    ("page_down", Command::PageDown),
    ("half_up", Command::HalfUp),
    ("half_down", Command::HalfDown),
    ("top", Command::Top),
    ("bottom", Command::Bottom),
    ("left", Command::Left),
    ("right", Command::Right),
    ("enter", Command::Enter),
    ("mark", Command::Mark),
    ("mark_all", Command::MarkAll),
    ("filter", Command::Filter),
    ("sort_next", Command::SortNext),
    ("sort_previous", Command::SortPrevious),
    ("sort_reverse", Command::SortReverse),
    ("wide", Command::Wide),
    ("usage", Command::Usage),
    ("show_labels", Command::ShowLabels),
    ("all_namespaces", Command::AllNamespaces),
    ("preview", Command::Preview),
    ("search", Command::Search),
    ("search_next", Command::SearchNext),
    ("search_previous", Command::SearchPrevious),
    ("wrap", Command::Wrap),
    ("copy", Command::Copy),
    ("managed_fields", Command::ManagedFields),
    ("fold", Command::Fold),
    ("fold_all", Command::FoldAll),
    ("link_next", Command::LinkNext),
    ("link_previous", Command::LinkPrevious),
    ("link_table", Command::LinkTable),
    ("explain", Command::Explain),
    ("parent", Command::Parent),
    ("reveal", Command::Reveal),
    ("follow", Command::Follow),
    ("timestamps", Command::Timestamps),
    ("previous", Command::Previous),
    ("context", Command::Context),
    ("fields", Command::Fields),
    ("template", Command::Template),
    ("names", Command::Names),
    ("full_screen", Command::FullScreen),
    ("save", Command::Save),
    ("save_all", Command::SaveAll),
    ("pager", Command::Pager),
    ("since", Command::Since),
    ("since_1m", Command::Since1m),
    ("since_5m", Command::Since5m),
    ("since_15m", Command::Since15m),
    ("since_1h", Command::Since1h),
    ("since_all", Command::SinceAll),
    ("shells", Command::Shells),
    ("detach", Command::Detach),
    ("terminal", Command::Terminal),
    ("send_key", Command::SendKey),
    ("end", Command::End),
    ("complete", Command::Complete),
    ("delete_word", Command::DeleteWord),
    ("delete_line", Command::DeleteLine),
    ("line_start", Command::LineStart),
    ("line_end", Command::LineEnd),
];

impl Command {
    /// The command of a name.
    pub fn named(name: &str) -> Option<Self> {
        COMMANDS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, command)| *command)
    }

    /// The name of the command.
    pub fn name(self) -> &'static str {
        COMMANDS
            .iter()
            .find(|(_, command)| *command == self)
            .map_or("", |(name, _)| name)
    }
}
