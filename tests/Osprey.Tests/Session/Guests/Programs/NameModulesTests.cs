using Osprey.Session.Guests.Programs;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Types;
using Osprey.Tests.Symbols.Types;
using Osprey.Values;

namespace Osprey.Tests.Session.Guests.Programs;

public sealed class NameModulesTests : IDisposable
{
    private readonly TypeCatalog _types = TypeSamples.Open(new Dictionary<string, byte[]>());
    private int _searches;

    [Fact]
    public void Modules_ThatAreKnown_AreThereWithoutASearch()
    {
        var modules = new NameModules([Make(1), Make(2)], FindOne);
        Assert.Equal([1UL, 2], modules.Take(2).Select(module => module.Start));
        Assert.Equal(0, _searches);

        Assert.Equal([1UL, 2, 9], modules.Select(module => module.Start));
        Assert.Equal([1UL, 2, 9], modules.Select(module => module.Start));
        Assert.Equal(1, _searches);
    }

    [Fact]
    public void Search_ThatLooksUpNamesItself_SeesThoseThatAreKnown()
    {
        ulong[] seen = [];
        NameModules? modules = null;
        modules = new NameModules(
            [Make(1)],
            () =>
            {
                seen = [.. modules!.Select(module => module.Start)];
                return FindOne();
            }
        );
        Assert.Equal([1UL, 9], modules.Select(module => module.Start));
        Assert.Equal([1UL], seen);
    }

    [Fact]
    public void Search_ThatFails_IsMadeAgain()
    {
        var modules = new NameModules([], () => _searches++ == 0 ? throw new IOException("no") : [Make(9)]);
        Assert.Throws<IOException>(() => modules.Count());
        Assert.Equal([9UL], modules.Select(module => module.Start));
    }

    public void Dispose() => _types.Dispose();

    private IEnumerable<ValueModule> FindOne()
    {
        _searches++;
        return [Make(9)];
    }

    private ValueModule Make(ulong start) => new(_types, LoadBias.None) { Start = start };
}
