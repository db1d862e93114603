namespace Osprey.Cli.Commands.Vsock;

/// <summary>Opens files of captures.</summary>
internal static class CaptureFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="CommandFailedException">It is a folder.</exception>
    /// <exception cref="IOException">It can't be opened.</exception>
    public static Stream Open(string path) =>
        Directory.Exists(path)
            ? throw new CommandFailedException($"{path}: this is a folder; expected a pcap or pcapng file")
            : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, BufferSize);
}
