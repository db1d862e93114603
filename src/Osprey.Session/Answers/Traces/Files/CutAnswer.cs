using Osprey.Session.Traces.Changes;

namespace Osprey.Session.Answers.Traces.Files;

/// <summary>The part of a trace that was kept.</summary>
/// <param name="OutputPath">The tracefile that was written.</param>
/// <param name="Cut">The counts.</param>
public sealed record CutAnswer(string OutputPath, CutResult Cut)
{
    /// <summary>The columns.</summary>
    public static Shape<CutAnswer> Shape { get; } =
        new Shape<CutAnswer>("cuts")
            .Text("output", answer => answer.OutputPath)
            .Integer("samples", answer => answer.Cut.Met)
            .Integer("kept", answer => answer.Cut.Kept)
            .Integer("keptForPairs", answer => answer.Cut.KeptForPairs)
            .Integer("tracepoints", answer => answer.Cut.Tracepoints)
            .Size("bytes", answer => answer.Cut.Bytes)
            .Integer("symbols", answer => answer.Cut.Symbols);
}
