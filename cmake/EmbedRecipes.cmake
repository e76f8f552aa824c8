# cmake -DRECIPES=a.toml;b.toml -DOUTPUT=built_in_recipes.h -P EmbedRecipes.cmake
#
# Writes recipes as C++ string literals, so that the installed program needs no
# files beside it.
cmake_minimum_required(VERSION 3.25)
set(entries "")
foreach(path IN LISTS RECIPES)
  get_filename_component(name ${path} NAME_WE)
  file(READ ${path} text)
  string(APPEND entries "    {\"${name}\", R\"toml(${text})toml\"},\n")
endforeach()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT
"// Generated from recipes/*.toml.
#pragma once

#include <string_view>
#include <utility>

namespace reel::model {
inline constexpr std::pair<std::string_view, std::string_view>
    kBuiltInRecipes[] = {
@entries@};
}  // namespace reel::model
")
