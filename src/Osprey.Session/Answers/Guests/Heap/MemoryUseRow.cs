namespace Osprey.Session.Answers.Guests.Heap;

/// <summary>A part of a guest's memory.</summary>
/// <param name="Name">Its name, one word.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Share">Its share of all memory in percent; null when there is none.</param>
/// <param name="Description">Its meaning in words.</param>
public sealed record MemoryUseRow(string Name, ulong Size, double? Share, string Description)
{
    /// <summary>The columns.</summary>
    public static Shape<MemoryUseRow> Shape { get; } =
        new Shape<MemoryUseRow>("memory")
            .Text("use", row => row.Name)
            .Size("size", row => row.Size)
            .Share("share", row => row.Share)
            .Text("meaning", row => row.Description);
}
