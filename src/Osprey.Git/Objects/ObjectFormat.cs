using System.Globalization;
using System.Text;
using Osprey.Git.Hashing;

namespace Osprey.Git.Objects;

/// <summary>The hash that a repository names its objects by.</summary>
public sealed class ObjectFormat
{
    private readonly Func<BlockHash> _createHash;

    private ObjectFormat(string name, int size, Func<BlockHash> createHash)
    {
        Name = name;
        Size = size;
        _createHash = createHash;
    }

    /// <summary>SHA-1, names of 20 bytes.</summary>
    public static ObjectFormat Sha1 { get; } = new("sha1", Sha1Hash.Size, static () => new Sha1Hash());

    /// <summary>SHA-256, names of 32 bytes.</summary>
    public static ObjectFormat Sha256 { get; } = new("sha256", Sha256Hash.Size, static () => new Sha256Hash());

    /// <summary>The name in a repository's configuration.</summary>
    public string Name { get; }

    /// <summary>The size of a name in bytes.</summary>
    public int Size { get; }

    /// <summary>Finds the format that a configuration names; null when it is unknown.</summary>
    public static ObjectFormat? Find(string name) =>
        name switch
        {
            "sha1" => Sha1,
            "sha256" => Sha256,
            _ => null,
        };

    /// <summary>Computes the name of an object.</summary>
    public ObjectId ComputeId(GitObjectType type, ReadOnlySpan<byte> data)
    {
        BlockHash hash = _createHash();
        string header = string.Create(CultureInfo.InvariantCulture, $"{GitObjectTypes.GetName(type)} {data.Length}\0");
        hash.Append(Encoding.ASCII.GetBytes(header));
        hash.Append(data);
        return hash.Finish();
    }
}
