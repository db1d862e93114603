using System.IO.Compression;
using Osprey.Tests.Recordings;

namespace Osprey.Tests.Cli;

/// <summary>The recorded dumps, each unpacked once.</summary>
public sealed class UnpackedDumps : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-test-");

    /// <summary>The path of a recording's dump.</summary>
    internal string this[string recording]
    {
        get
        {
            string path = Path.Combine(_folder.FullName, recording + ".osvt");
            if (!File.Exists(path))
            {
                using var packed = new GZipStream(
                    File.OpenRead(Checkout.PackedDump(recording)),
                    CompressionMode.Decompress
                );
                using FileStream file = File.Create(path);
                packed.CopyTo(file);
            }

            return path;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
