namespace Osprey.Session.Answers;

/// <summary>The forms of an answer that a column is shown in.</summary>
[Flags]
public enum ColumnUse
{
    /// <summary>None; not used by itself.</summary>
    None = 0,

    /// <summary>Forms for programs: JSON and CSV.</summary>
    Data = 1,

    /// <summary>Text for people.</summary>
    Text = 2,

    /// <summary>All forms.</summary>
    Both = Data | Text,
}
