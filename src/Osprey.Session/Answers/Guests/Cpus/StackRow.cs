using Osprey.Session.Guests.Code;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Answers.Guests.Cpus;

/// <summary>A frame of a stack, or a function that was inlined in one.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Variables">Its variables, read while they are enumerated; null when they were not asked for.</param>
public sealed record StackRow(BacktraceRow Frame, IEnumerable<StackVariable>? Variables)
{
    private static readonly Shape<SourceExcerpt> s_source = new Shape<SourceExcerpt>("source")
        .Text("origin", excerpt => excerpt.Origin)
        .Integer("firstLine", excerpt => excerpt.FirstLine)
        .Texts("lines", excerpt => excerpt.Lines);

    /// <summary>The source around its line; null when it was not asked for, or debug info has no line.</summary>
    public SourceExcerpt? Source { get; init; }

    /// <summary>The columns.</summary>
    internal static Shape<StackRow> Shape { get; } =
        new Shape<StackRow>("frames")
            .Integer("number", row => row.Frame.Number)
            .Address("address", row => row.Frame.Address)
            .Text("function", row => row.Frame.Function)
            .Boolean("inlined", row => row.Frame.IsInlined)
            .Text("file", row => row.Frame.File)
            .Integer("line", row => row.Frame.Line)
            .Text("module", row => row.Frame.Module)
            .Text("foundBy", row => row.Frame.Origin.ToString())
            .Records("variables", row => row.Variables, () => StackVariable.Shape)
            .Optional()
            .Record("source", row => row.Source, s_source)
            .Optional();
}
