using Osprey.Guests;
using Osprey.Symbols;
using Osprey.Target.Memory;
using Osprey.Tests.Values;
using Osprey.Values;

namespace Osprey.Tests.Guests.Osv.Threads;

/// <summary>A program with OSv's types and variables, stopped, read as a kernel is.</summary>
internal sealed class OsvLikeKernel : IDisposable
{
    private readonly StoppedProgram _program;
    private readonly Symbolizer _symbols;

    /// <param name="compiler">The compiler.</param>
    /// <param name="options">Its options.</param>
    /// <param name="source">The program; each line of its output is a name and an address.</param>
    public OsvLikeKernel(
        string compiler,
        string options = "-O1 -g -std=c++17 -pthread -fno-omit-frame-pointer",
        string source = "osvlike.cc"
    )
    {
        _program = new StoppedProgram(compiler, options, source);
        _symbols = new Symbolizer(new SymbolizerOptions { UseCache = false });
        _symbols.AddElf(_program.ProgramPath, _program.Bias);
        Kernel = Over(_program.Memory);
        foreach (string line in _program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ');
            if (words[0] == "thread")
                Addresses[words[1]] = Convert.ToUInt64(words[2], 16);
            else
                Addresses[words[0]] = Convert.ToUInt64(words[1], 16);
        }
    }

    public GuestKernel Kernel { get; }

    public IMemoryReader Memory => _program.Memory;

    /// <summary>Addresses that the program told by name: those of threads by number.</summary>
    public Dictionary<string, ulong> Addresses { get; } = [];

    /// <summary>The same kernel over another memory.</summary>
    public GuestKernel Over(IMemoryReader memory) =>
        new(new ValueSpace(memory, _program.Modules, _program.Names), _symbols, _program.Code);

    public void Dispose()
    {
        _symbols.Dispose();
        _program.Dispose();
    }
}
