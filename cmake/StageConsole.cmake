# Copies the player page from FROM and its node_modules to TO, changed files
# only.
set(SHAKA ${FROM}/node_modules/shaka-player)
file(GLOB PAGE ${FROM}/*.html ${FROM}/*.css ${FROM}/*.js ${FROM}/*.svg)
file(MAKE_DIRECTORY ${TO})
foreach(FILE ${PAGE})
  file(COPY ${FILE} DESTINATION ${TO})
endforeach()
if(EXISTS ${SHAKA}/dist/shaka-player.compiled-es2021.js)
  configure_file(${SHAKA}/dist/shaka-player.compiled-es2021.js
                 ${TO}/shaka-player.js COPYONLY)
  configure_file(${SHAKA}/LICENSE ${TO}/shaka-player.LICENSE COPYONLY)
endif()
