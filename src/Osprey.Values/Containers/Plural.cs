namespace Osprey.Values.Containers;

/// <summary>Counts in words.</summary>
internal static class Plural
{
    /// <summary>"1 element", "2 elements".</summary>
    public static string Elements(ulong count) => count == 1 ? "1 element" : $"{count} elements";
}
