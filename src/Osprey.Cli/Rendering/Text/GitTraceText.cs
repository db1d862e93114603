using System.Globalization;
using Osprey.Git;
using Osprey.Git.Objects;
using Osprey.Git.Packs;
using Osprey.Git.Revisions;
using Osprey.Git.Storage;
using Osprey.Session.Answers.Git;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Writes how an object of a repository was found.</summary>
internal static class GitTraceText
{
    private const int MaxExpressionWidth = 60;

    /// <summary>Writes it, with an empty line behind.</summary>
    public static void Write(Utf8Builder text, GitRepository repository, string expression, GitObjectAnswer answer)
    {
        string type = GitObjectTypes.GetName(answer.Object.Type);
        Line(text, $"{expression} is {type} {answer.Object.Id} of {answer.Object.Data.Length} bytes");
        int width = Math.Min(MaxExpressionWidth, answer.Revision.Steps.Max(step => step.Expression.Length));
        foreach (RevisionStep step in answer.Revision.Steps)
            Line(text, $"  {step.Expression.PadRight(width)}  {step.Id}  {step.How}");

        ObjectTrace trace = answer.Trace!;
        foreach (IndexLookup lookup in trace.Lookups)
            Write(text, repository, lookup);

        if (trace.Loose is { } loose)
        {
            Line(text, $"file {repository.Shorten(loose.Path)}");
            Line(text, $"  {loose.FileSize} bytes, zlib of '{type} {answer.Object.Data.Length}', a NUL and the object");
        }

        if (trace.Packed is { } packed)
        {
            Line(text, $"pack {repository.Shorten(packed.PackPath)}");
            foreach (PackedPart part in packed.Chain)
                Line(text, "  " + Describe(part));
        }

        Line(text, "the hash of the bytes is the object's name");
        text.Append((byte)'\n');
    }

    private static void Write(Utf8Builder text, GitRepository repository, IndexLookup lookup)
    {
        Line(text, $"{lookup.Kind} {repository.Shorten(lookup.IndexPath)}, {lookup.Count} names");
        Line(
            text,
            lookup.High == lookup.Low
                ? $"  fan-out {lookup.Bucket:x2}: no name begins with this byte"
                : $"  fan-out {lookup.Bucket:x2}: names {lookup.Low} to {lookup.High - 1}"
        );
        foreach (IndexStep step in lookup.Steps)
            Line(text, $"  name {step.Position}: {step.Id}{(step.Position == lookup.Position ? ", found" : "")}");

        if (lookup.Position is null && lookup.Steps.Count > 0)
            Line(text, "  not there");
    }

    private static string Describe(PackedPart part)
    {
        string packed = part.PackedSize is { } size
            ? string.Create(CultureInfo.InvariantCulture, $"{size} bytes in the pack, ")
            : "";
        string name = GitTraceShape.GetName(part.Kind);
        return part.Kind is PackEntryKind.OffsetDelta or PackEntryKind.ReferenceDelta
            ? $"0x{part.Offset:x}: {name}, {packed}{part.Size} inflated, makes {part.ResultSize} bytes of:"
            : $"0x{part.Offset:x}: {name}, {packed}{part.Size} inflated";
    }

    private static void Line(Utf8Builder text, string line)
    {
        text.Append(TerminalText.Escape(line));
        text.Append((byte)'\n');
    }
}
