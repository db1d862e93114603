using System.Buffers.Text;
using Osprey.Binary;
using Osprey.Git.Objects;

namespace Osprey.Git.Storage;

/// <summary>
/// The objects that have a file each: <c>objects/xx/yyyy</c>, zlib of <c>TYPE SIZE\0DATA</c>.
/// </summary>
internal sealed class LooseObjects(string folder, ObjectFormat format, GitLimits limits)
{
    private const int MaxHeaderSize = 32;

    /// <summary>Returns the path that an object's file has if there is one.</summary>
    public string GetPath(ObjectId id)
    {
        string digits = id.ToString();
        return Path.Combine(folder, digits[..2], digits[2..]);
    }

    /// <summary>Reads an object; null when it has no file.</summary>
    /// <exception cref="BadDataException">The file is malformed.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public (GitObjectType Type, byte[] Data)? TryRead(ObjectId id)
    {
        string path = GetPath(id);
        if (!File.Exists(path))
            return null;

        using ByteSource file = ByteSource.OpenFile(path);
        return Read(file, limits);
    }

    /// <summary>Reads the file of an object.</summary>
    /// <exception cref="BadDataException">The file is malformed.</exception>
    public static (GitObjectType Type, byte[] Data) Read(ByteSource file, GitLimits limits)
    {
        using var data = new InflatedData(file, 0, file.Length);
        Span<byte> front = stackalloc byte[MaxHeaderSize];
        front = front[..data.Read(front)];
        int end = front.IndexOf((byte)0);
        int blank = front.IndexOf((byte)' ');
        if (end < 0 || blank < 0 || blank > end)
            throw new BadDataException(file.Name, 0, "expected a header 'TYPE SIZE' and a NUL");

        if (!GitObjectTypes.TryParse(front[..blank], out GitObjectType type))
            throw new BadDataException(file.Name, 0, "the header's type is none of commit, tree, blob and tag");

        ReadOnlySpan<byte> digits = front[(blank + 1)..end];
        if (!Utf8Parser.TryParse(digits, out ulong size, out int used) || used != digits.Length || size > long.MaxValue)
            throw new BadDataException(file.Name, 0, "the header's size is no number");

        return (type, data.ReadToEnd((long)size, front[(end + 1)..], limits));
    }

    /// <summary>Adds the objects whose names begin with some digits.</summary>
    public void AddMatches(ObjectPrefix prefix, ISet<ObjectId> matches)
    {
        string subfolder = prefix.Digits[..2];
        string parent = Path.Combine(folder, subfolder);
        if (!Directory.Exists(parent))
            return;

        foreach (string path in Directory.EnumerateFiles(parent))
        {
            string digits = subfolder + Path.GetFileName(path);
            if (
                digits.StartsWith(prefix.Digits, StringComparison.Ordinal)
                && ObjectId.TryParse(digits, format, out ObjectId id)
                && matches.Count < limits.MaxCandidates
            )
                matches.Add(id);
        }
    }
}
