using System.Globalization;

namespace Osprey.Session.Guests;

/// <summary>The name of a guest, as the user wrote it.</summary>
/// <param name="Kind">The kind of name.</param>
/// <param name="Value">The process id or name, the stub's address, or the file's path; empty for any.</param>
public readonly record struct TargetSpec(TargetSpecKind Kind, string Value)
{
    /// <summary>The forms that a user may write, for messages and help.</summary>
    public const string Syntax = "PID, NAME, gdb:HOST:PORT, gdb:unix:PATH, core:FILE or process:PID";

    /// <summary>The only guest there is.</summary>
    public static TargetSpec Any => new(TargetSpecKind.Any, "");

    /// <summary>
    /// Reads <c>PID</c>, <c>NAME</c>, <c>qemu:PID</c>, <c>qemu:NAME</c>, <c>gdb:HOST:PORT</c>, <c>gdb::PORT</c>,
    /// <c>gdb:unix:PATH</c>, <c>core:FILE</c>, <c>process:PID</c>, or the path of a file that exists.
    /// </summary>
    /// <exception cref="FormatException">It is empty, or a prefix has nothing behind it.</exception>
    public static TargetSpec Parse(string? text)
    {
        if (text is null)
            return Any;

        foreach (
            (string prefix, TargetSpecKind kind) in (ReadOnlySpan<(string, TargetSpecKind)>)
                [
                    ("qemu:", TargetSpecKind.Process),
                    ("pid:", TargetSpecKind.Process),
                    ("gdb:", TargetSpecKind.GdbStub),
                    ("core:", TargetSpecKind.CoreFile),
                    ("process:", TargetSpecKind.Program),
                ]
        )
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
                return text.Length > prefix.Length
                    ? new TargetSpec(kind, text[prefix.Length..])
                    : throw Malformed(text);
        }

        if (text.Length == 0)
            throw Malformed(text);

        if (text[0] is ':' && int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return new TargetSpec(TargetSpecKind.GdbStub, text);

        bool isPath = text.Contains('/', StringComparison.Ordinal) || File.Exists(text);
        return new TargetSpec(isPath ? TargetSpecKind.CoreFile : TargetSpecKind.Process, text);
    }

    private static FormatException Malformed(string text) => new($"'{text}' names no guest; expected {Syntax}");
}
