namespace Osprey.Git.Packs;

/// <summary>The way of a search for a name through an index.</summary>
/// <param name="IndexPath">The index's file.</param>
/// <param name="Kind">Its format, such as "pack index version 2".</param>
/// <param name="Count">The number of names in it.</param>
/// <param name="Bucket">The entry of the fan-out table: the name's first byte.</param>
/// <param name="Low">Position of the first name of that bucket.</param>
/// <param name="High">Position behind the last name of that bucket.</param>
/// <param name="Steps">The comparisons within the bucket.</param>
/// <param name="Position">The position at which the name was found; null when it is not there.</param>
public sealed record IndexLookup(
    string IndexPath,
    string Kind,
    long Count,
    int Bucket,
    long Low,
    long High,
    IReadOnlyList<IndexStep> Steps,
    long? Position
);
