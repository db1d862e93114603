using System.Diagnostics;
using System.Text;

namespace Osprey.Tests.Packets;

/// <summary>Runs another program to the end.</summary>
internal static class OtherProgram
{
    /// <summary>Its standard output; its standard error must not stand in the way.</summary>
    public static string Run(string program, byte[] input, params string[] arguments)
    {
        using Process process = new();
        process.StartInfo = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        process.StartInfo.Environment["TZ"] = "UTC";
        process.ErrorDataReceived += (_, _) => { };
        process.Start();
        process.BeginErrorReadLine();
        Task sending = Task.Run(() =>
        {
            using Stream stream = process.StandardInput.BaseStream;
            stream.Write(input);
        });
        string output = process.StandardOutput.ReadToEnd();
        sending.Wait();
        process.WaitForExit();
        return output;
    }
}
