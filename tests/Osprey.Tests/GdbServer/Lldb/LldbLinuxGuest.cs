using Osprey.Tests.Cli;
using Osprey.Tests.GdbServer.Faults;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Qmp;

namespace Osprey.Tests.GdbServer.Lldb;

/// <summary>A Linux guest that lldb is tried on.</summary>
/// <param name="guest">A guest in which two tasks spin on one vCPU.</param>
internal sealed class LldbLinuxGuest(LinuxGuest guest)
{
    /// <summary>The guest as other debuggers are tried on it.</summary>
    public LinuxFaultGuest Guest { get; } = new(guest);

    /// <summary>A file with the symbols of its kernel, made of its memory.</summary>
    public string Kernel
    {
        get
        {
            string elf = Path.Combine(guest.Folder, "lldb-kernel.elf");
            if (!File.Exists(elf))
            {
                CommandRun made = CommandRun.Of("vmlinux", elf, "--target", guest.Name);
                Assert.True(made.ExitCode == 0, made.Messages);
            }

            return elf;
        }
    }

    /// <summary>Starts a server for it, at a port.</summary>
    public ServerProcess Serve(params string[] options) => new(null, [.. options, "--target", guest.Name]);

    /// <summary>A thread, as lldb numbers it while the guest stands still.</summary>
    public LldbThread Find(Func<LldbThread, bool> isIt) => List().First(isIt);

    /// <summary>The threads, as lldb numbers them while the guest stands still.</summary>
    public LldbThread[] List()
    {
        using ServerProcess server = Serve();
        return [.. LldbSession.Run(server.Address, null, "thread list").Threads];
    }

    /// <summary>Has the guest stand still: each session then numbers its threads in the same way.</summary>
    public IDisposable Pause() => new StandStill(guest.TestQmpSocket);

    private sealed class StandStill : IDisposable
    {
        private readonly string _socket;

        public StandStill(string socket)
        {
            _socket = socket;
            Execute("stop");
        }

        public void Dispose() => Execute("cont");

        private void Execute(string command)
        {
            using var qmp = new QmpClient(_socket);
            qmp.Execute(command);
        }
    }
}
