using System.Globalization;
using System.Security.Cryptography;

namespace Osprey.Target.Backends.Qemu.Block;

/// <summary>A blkdebug filter that Osprey put between a drive's format and its file.</summary>
/// <param name="Node">The filter's node.</param>
/// <param name="Drive">The drive, by its name.</param>
/// <param name="Rules">The rules that it was opened with.</param>
public sealed record BlockFilter(string Node, string Drive, IReadOnlyList<InjectRule> Rules)
{
    /// <summary>The start of the names of our filters' nodes.</summary>
    internal const string Prefix = "osprey-block-";

    /// <summary>Tells whether a node is a filter that Osprey made.</summary>
    public static bool IsOurs(BlockNode node) =>
        node.Driver == "blkdebug" && node.Name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Creates a filter with a name that no other node has.</summary>
    internal static BlockFilter Create(string drive, IReadOnlyList<InjectRule> rules) =>
        new(Prefix + CreateNonce(), drive, rules);

    /// <summary>A number that nobody can guess, as eight hexadecimal digits.</summary>
    internal static string CreateNonce() =>
        RandomNumberGenerator.GetInt32(int.MaxValue).ToString("x8", CultureInfo.InvariantCulture);
}
