using Osprey.Git.Packs;
using Osprey.Git.Revisions;
using Osprey.Git.Storage;

namespace Osprey.Session.Answers.Git;

/// <summary>The columns that tell how an object of a repository is found.</summary>
public static class GitTraceShape
{
    private static Shape<IndexStep> Comparisons { get; } =
        new Shape<IndexStep>("steps").Integer("position", step => step.Position).Text("id", step => step.Id.ToString());

    private static Shape<IndexLookup> Lookups { get; } =
        new Shape<IndexLookup>("lookups")
            .Text("index", lookup => lookup.IndexPath)
            .Text("kind", lookup => lookup.Kind)
            .Integer("count", lookup => lookup.Count)
            .Integer("bucket", lookup => lookup.Bucket)
            .Integer("low", lookup => lookup.Low)
            .Integer("high", lookup => lookup.High)
            .Records("steps", lookup => lookup.Steps, () => Comparisons)
            .Integer("position", lookup => lookup.Position);

    private static Shape<PackedPart> Chain { get; } =
        new Shape<PackedPart>("chain")
            .Integer("offset", part => part.Offset)
            .Text("kind", part => GetName(part.Kind))
            .Size("packedSize", part => part.PackedSize)
            .Size("size", part => part.Size)
            .Size("resultSize", part => part.ResultSize);

    /// <summary>The columns of the steps from an expression to an object's name.</summary>
    public static Shape<RevisionStep> Steps { get; } =
        new Shape<RevisionStep>("steps")
            .Text("expression", step => step.Expression)
            .Text("how", step => step.How)
            .Text("id", step => step.Id.ToString());

    /// <summary>The columns of the way from a name to the object's bytes.</summary>
    public static Shape<ObjectTrace> Shape { get; } =
        new Shape<ObjectTrace>("places")
            .Text("folder", trace => trace.Folder)
            .Text("file", trace => trace.Loose?.Path)
            .Size("fileSize", trace => trace.Loose?.FileSize)
            .Text("pack", trace => trace.Packed?.PackPath)
            .Integer("offset", trace => trace.Packed?.Offset)
            .Records("lookups", trace => trace.Lookups, () => Lookups)
            .Records("chain", trace => trace.Packed?.Chain, () => Chain)
            .Optional();

    /// <summary>Returns the word for a kind of entry, such as "offset delta".</summary>
    public static string GetName(PackEntryKind kind) =>
        kind switch
        {
            PackEntryKind.Commit => "commit",
            PackEntryKind.Tree => "tree",
            PackEntryKind.Blob => "blob",
            PackEntryKind.Tag => "tag",
            PackEntryKind.OffsetDelta => "offset delta",
            PackEntryKind.ReferenceDelta => "reference delta",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
}
