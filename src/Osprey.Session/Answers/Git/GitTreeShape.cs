using Osprey.Git.Objects;

namespace Osprey.Session.Answers.Git;

/// <summary>The columns of a tree's entries.</summary>
public static class GitTreeShape
{
    private const int ModeDigits = 6;

    /// <summary>The columns.</summary>
    public static Shape<TreeEntry> Shape { get; } =
        new Shape<TreeEntry>("entries")
            .Text("mode", FormatMode)
            .Text("type", entry => GitObjectTypes.GetName(entry.Type))
            .Text("id", entry => entry.Id.ToString())
            .Utf8("name", entry => entry.RawName.Span);

    /// <summary>Writes a mode as git does, in six octal digits.</summary>
    public static string FormatMode(TreeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Convert.ToString(entry.Mode, 8).PadLeft(ModeDigits, '0');
    }
}
